//! The reference encoder: candle-transformers' BERT, any model folder, any processor.
//!
//! Its matrix kernels share out large products over rayon's pool by themselves, so that it cannot keep to a
//! number of cores a call.

use std::num::NonZeroUsize;

use candle_core::{DType, Device, Tensor, safetensors::SliceSafetensors};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};

use crate::{
    Error, Result,
    encoder::{EncodedRow, Encoder, ModelFolder, Row, model_folder::WEIGHTS, to_unit_length},
};

/// Name of the optional tensor that maps token ids to rows of the embedding table.
///
/// WordPiece needs a `##` twin of every Chinese word; the twins share one row.
const TOKEN_ROWS: &str = "embeddings.token_rows";

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
    /// Gives the encoder and, when the model has one, the map from token ids to embedding rows.
    ///
    /// # Errors
    /// [`Error::Model`] when a file is not as expected.
    pub fn load(folder: &ModelFolder) -> Result<(Self, Option<Vec<u32>>)> {
        let broken = |error: candle_core::Error| {
            Error::model(folder.file(WEIGHTS), format!("not as expected: {error}"))
        };
        let config: Config = folder.read_json("config.json")?;
        let bytes = folder.read(WEIGHTS)?;
        let token_rows = read_token_rows(&bytes, config.vocab_size).map_err(broken)?;
        let weights =
            VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu).map_err(broken)?;
        let model = BertModel::load(weights, &config).map_err(broken)?;
        Ok((Self { model, config }, token_rows))
    }

    /// Number of layers.
    pub fn num_layers(&self) -> usize {
        self.config.num_hidden_layers
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
            let message = row.message_start * width..row.ids.len().saturating_sub(1) * width;
            EncodedRow {
                vector: pool(states, width, row),
                states: states.get(message).unwrap_or_default().to_vec(),
            }
        };
        Ok(states.chunks(longest * width).zip(rows).map(encoded).collect())
    }
}

impl Encoder for CandleEncoder {
    fn dimensions(&self) -> usize {
        self.config.hidden_size
    }

    fn backend(&self) -> &'static str {
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

/// Mean of the states at position 0 and from the message's start on, with an L2 norm of 1.
fn pool(states: &[f32], width: usize, row: &Row) -> Vec<f32> {
    let mut sum = vec![0.0f32; width];
    let pooled = std::iter::once(0).chain(row.message_start.max(1)..row.ids.len());
    for position in pooled {
        for (total, state) in sum.iter_mut().zip(&states[position * width..]) {
            *total += state;
        }
    }
    to_unit_length(&mut sum);
    sum
}

/// Reads the token map, if there is one; every row it names has to be in the table.
fn read_token_rows(bytes: &[u8], num_rows: usize) -> candle_core::Result<Option<Vec<u32>>> {
    let tensors = SliceSafetensors::new(bytes)?;
    if !tensors.tensors().iter().any(|(name, _)| name == TOKEN_ROWS) {
        return Ok(None);
    }
    let rows = tensors.load(TOKEN_ROWS, &Device::Cpu)?.to_vec1::<u32>()?;
    match rows.iter().find(|&&row| row as usize >= num_rows) {
        Some(row) => candle_core::bail!("{TOKEN_ROWS} names row {row} of a table of {num_rows}"),
        None => Ok(Some(rows)),
    }
}
