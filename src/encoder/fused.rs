//! The fused encoder: BERT-type models by the kernels of this processor.

use std::num::NonZeroUsize;

use candle_core::{DType, Device, safetensors::SliceSafetensors};
use candle_transformers::models::bert::{Config, HiddenAct};
use frontdesk_kernels::{self as kernels, Bert, Isa, Mapped, Options, Precision, Table, Weights};

use super::{EncodedRow, Encoder, ModelFolder, Row};
use crate::{Error, Result};

/// Name of the table of words.
const WORDS: &str = "embeddings.word_embeddings.weight";

/// Tokens of one forward pass; bounds the memory of activations, which is about 10 KB a token of the bundled
/// model. A row that is longer goes alone.
const MAX_PASS_TOKENS: usize = 2048;

/// BERT by kernels that were written for it.
pub struct FusedEncoder {
    bert: Bert,
    backend: String,
}

/// Why there is no fused encoder.
pub(super) enum Refused {
    /// The model is not one that it can compute, for this reason.
    Model(String),
    /// The folder cannot be used.
    Failed(Error),
}

impl FusedEncoder {
    /// Packs the weights of a model folder for some instructions and a precision. The table of words stays in the
    /// mapped file.
    ///
    /// # Errors
    /// [`Refused::Model`] when the model is not of BERT's form, or the processor lacks the instructions.
    pub(super) fn load(folder: &ModelFolder, isa: Isa, precision: Precision) -> Result<Self, Refused> {
        let config = folder.read_json("config.json").map_err(Refused::Failed)?;
        let file = WeightFile::open(folder, &config)?;
        let sizes = sizes(&config)?;
        let bert = Bert::new(sizes, &file, Options { isa, precision })
            .map_err(|error| Refused::Model(error.to_string()))?;
        folder.weights().release();
        Ok(Self { bert, backend: format!("fused {precision} {isa}") })
    }
}

/// The sizes of a model whose layers are as BERT's.
fn sizes(config: &Config) -> Result<kernels::Config, Refused> {
    if config.hidden_act != HiddenAct::Gelu {
        return Err(Refused::Model(format!("hidden_act is {:?}, not gelu", config.hidden_act)));
    }
    if let Some(other) = config.model_type.as_deref().filter(|name| *name != "bert") {
        return Err(Refused::Model(format!("model_type is {other:?}, not \"bert\"")));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number near 1e-12, of which f32 is what is computed in"
    )]
    let epsilon = config.layer_norm_eps as f32;
    Ok(kernels::Config {
        layers: config.num_hidden_layers,
        width: config.hidden_size,
        heads: config.num_attention_heads,
        inner: config.intermediate_size,
        positions: config.max_position_embeddings,
        types: config.type_vocab_size,
        epsilon,
    })
}

impl Encoder for FusedEncoder {
    fn dimensions(&self) -> usize {
        self.bert.config().width
    }

    fn num_layers(&self) -> usize {
        self.bert.config().layers
    }

    fn precision(&self) -> Precision {
        self.bert.options().precision
    }

    fn backend(&self) -> &str {
        &self.backend
    }

    fn encode(&self, rows: &[Row], cores: NonZeroUsize) -> Result<Vec<EncodedRow>> {
        let width = self.dimensions();
        let mut encoded = Vec::with_capacity(rows.len());
        let mut rest = rows;
        while !rest.is_empty() {
            let (pass, later) = rest.split_at(pass_len(rest));
            let ids: Vec<&[u32]> = pass.iter().map(|row| row.ids.as_slice()).collect();
            let read = |states: &kernels::States<'_>| {
                let of_row = |(number, row)| EncodedRow::of_states(states.row(number), width, row);
                encoded.extend(pass.iter().enumerate().map(of_row));
            };
            self.bert
                .encode(&ids, cores, read)
                .map_err(|error| Error::Internal(format!("a row for the encoder: {error}")))?;
            rest = later;
        }
        Ok(encoded)
    }

    fn worthwhile_cores(&self, num_tokens: usize) -> NonZeroUsize {
        NonZeroUsize::MIN.saturating_add(num_tokens / TOKENS_OF_A_SECOND_CORE)
    }
}

/// Tokens from which a further core makes a pass faster than without.
///
/// Measured with int8, one core and two: 12 tokens .31 and .24 ms on AVX-512, 1.32 and .70 on AVX2; 16 tokens .42 and
/// .25, 1.78 and .96. With fewer tokens what is won hardly pays for waking a thread.
const TOKENS_OF_A_SECOND_CORE: usize = 12;

/// How many rows go into the next pass; at least 1.
fn pass_len(rows: &[Row]) -> usize {
    let mut num_tokens = 0;
    let fits = |row: &&Row| {
        num_tokens += row.ids.len();
        num_tokens <= MAX_PASS_TOKENS
    };
    rows.iter().take_while(fits).count().max(1)
}

/// The tensors of a model's file.
struct WeightFile<'a> {
    tensors: SliceSafetensors<'a>,
    map: &'a Mapped,
    /// What stands before the names of all tensors.
    prefix: &'static str,
    words_shape: [usize; 2],
}

impl<'a> WeightFile<'a> {
    fn open(folder: &'a ModelFolder, config: &Config) -> Result<Self, Refused> {
        let map = folder.weights();
        let tensors = SliceSafetensors::new(map).map_err(|error| Refused::Model(error.to_string()))?;
        let prefix =
            ["", "bert."].into_iter().find(|prefix| tensors.get(&format!("{prefix}{WORDS}")).is_ok());
        let prefix = prefix.ok_or_else(|| Refused::Model(format!("there is no tensor {WORDS}")))?;
        Ok(Self { tensors, map, prefix, words_shape: [config.vocab_size, config.hidden_size] })
    }

    /// Reads a tensor's numbers.
    fn read(&self, name: &str, shape: &[usize]) -> candle_core::Result<Vec<f32>> {
        let tensor = self.tensors.load(&format!("{}{name}", self.prefix), &Device::Cpu)?;
        if tensor.dims() != shape {
            candle_core::bail!("has the shape {:?}, expected {shape:?}", tensor.dims());
        }
        tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
    }

    /// What makes a table of numbers of the type that the words have, and where it starts in the file; `None` when
    /// there is no table of that type.
    fn words_in_file(&self) -> Option<Table> {
        let words = self.tensors.get(&format!("{}{WORDS}", self.prefix)).ok()?;
        let table = match DType::try_from(words.dtype()).ok()? {
            DType::F16 => Table::half,
            DType::BF16 => Table::brain,
            DType::F32 => Table::single,
            _ => return None,
        };
        if words.shape() != self.words_shape {
            return None;
        }
        let start = (words.data().as_ptr() as usize).checked_sub(self.map.as_ptr() as usize)?;
        Some(table(Box::new(self.map.clone()), start, self.words_shape[0]))
    }
}

impl Weights for WeightFile<'_> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, kernels::Error> {
        self.read(name, shape).map_err(|error| kernels::Error::Weights(format!("{name}: {error}")))
    }

    fn words(&self) -> Result<Table, kernels::Error> {
        if let Some(table) = self.words_in_file() {
            return Ok(table);
        }
        let numbers = self.tensor(WORDS, &self.words_shape)?;
        let bytes: Vec<u8> = numbers.into_iter().flat_map(f32::to_le_bytes).collect();
        Ok(Table::single(Box::new(bytes), 0, self.words_shape[0]))
    }
}
