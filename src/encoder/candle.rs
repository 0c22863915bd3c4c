//! The reference encoder: candle-transformers' BERT, any model folder, any processor.
//!
//! Its matrix kernels share out large products over rayon's pool by themselves, so that it cannot keep to a
//! number of cores a call.

use std::num::NonZeroUsize;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};

use crate::{
    Error, Result,
    encoder::{EncodedRow, Encoder, ModelFolder, Precision, Row, model_folder::WEIGHTS},
};

/// Rows in one forward pass are padded to the longest; rows shorter than this share of it wait for
/// a pass of their own.
const MIN_FILL: f32 = 0.75;

/// Tokens of one forward pass, padding included; bounds the memory of activations.
const MAX_PASS_TOKENS: usize = 4096;

/// BERT on the CPU in f32.
pub struct CandleEncoder {
    model: BertModel,
    config: Config,
}

impl CandleEncoder {
    /// Loads the weights of a model folder.
    ///
    /// # Errors
    /// [`Error::Model`] when a file is not as expected.
    pub fn load(folder: &ModelFolder) -> Result<Self> {
        let broken = |error: candle_core::Error| {
            Error::model(folder.file(WEIGHTS), format!("not as expected: {error}"))
        };
        let config: Config = folder.read_json("config.json")?;
        let weights = VarBuilder::from_slice_safetensors(folder.weights(), DType::F32, &Device::Cpu);
        let model = weights.and_then(|weights| BertModel::load(weights, &config)).map_err(broken)?;
        folder.weights().release();
        Ok(Self { model, config })
    }

    /// Encodes rows of similar length in one forward pass.
    fn forward(&self, rows: &[&Row]) -> candle_core::Result<Vec<EncodedRow>> {
        let longest = rows.iter().map(|row| row.ids.len()).max().unwrap_or(0);
        let shape = (rows.len(), longest);
        let mut ids = Vec::with_capacity(rows.len() * longest);
        let mut mask = Vec::with_capacity(rows.len() * longest);
        for row in rows {
            ids.extend_from_slice(&row.ids);
            ids.resize(ids.len() + longest - row.ids.len(), self.config.pad_token_id as u32);
            mask.resize(mask.len() + row.ids.len(), 1u32);
            mask.resize(ids.len(), 0);
        }
        let ids = Tensor::from_vec(ids, shape, &Device::Cpu)?;
        let mask = Tensor::from_vec(mask, shape, &Device::Cpu)?;
        let states = self.model.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let width = self.config.hidden_size;
        let states = states.flatten_all()?.to_vec1::<f32>()?;
        let encoded = |(states, row): (&[f32], &&Row)| {
            EncodedRow::of_states(&states[..row.ids.len() * width], width, row)
        };
        Ok(states.chunks(longest * width).zip(rows).map(encoded).collect())
    }
}

impl Encoder for CandleEncoder {
    fn dimensions(&self) -> usize {
        self.config.hidden_size
    }

    fn num_layers(&self) -> usize {
        self.config.num_hidden_layers
    }

    fn precision(&self) -> Precision {
        Precision::F32
    }

    fn backend(&self) -> &str {
        "candle f32"
    }

    fn encode(&self, rows: &[Row], _cores: NonZeroUsize) -> Result<Vec<EncodedRow>> {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(rows[index].ids.len()));
        let mut vectors = vec![EncodedRow::default(); rows.len()];
        let mut rest = order.as_slice();
        while let Some(&first) = rest.first() {
            let longest = rows[first].ids.len();
            let fitting =
                rest.iter().take_while(|&&index| rows[index].ids.len() as f32 >= MIN_FILL * longest as f32);
            let size = fitting.count().min((MAX_PASS_TOKENS / longest.max(1)).max(1));
            let (pass, later) = rest.split_at(size);
            let batch: Vec<&Row> = pass.iter().map(|&index| &rows[index]).collect();
            for (&index, vector) in pass.iter().zip(self.forward(&batch)?) {
                vectors[index] = vector;
            }
            rest = later;
        }
        Ok(vectors)
    }
}
