//! An encoder: its configuration, its weights, and their packing.

use std::{num::NonZeroUsize, sync::Mutex, sync::PoisonError};

use crate::{
    Isa, Precision,
    arch::{self, Kernels},
    attention::Attention,
    buffer::Aligned,
    linear::Linear,
    pass::{Pass, States},
    table::Table,
};

/// The sizes of a BERT-type encoder with learned positions, layer norm after each part, and exact gelu.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// Number of layers.
    pub layers: usize,
    /// Width of the states.
    pub width: usize,
    /// Heads of attention; each has `width / heads` numbers.
    pub heads: usize,
    /// Width between the two linear layers that follow attention.
    pub inner: usize,
    /// Tokens of a row at most.
    pub positions: usize,
    /// Token types; every token is of the first.
    pub types: usize,
    /// What layer norm adds to the variance.
    pub epsilon: f32,
}

/// What cannot be computed, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The model's sizes have no kernels.
    #[error("no fused kernels for {0}")]
    Unsupported(String),
    /// The processor lacks the instructions.
    #[error("this processor does not have {0}; it has {1}")]
    Unavailable(Isa, String),
    /// A tensor is missing or of another size.
    #[error("{0}")]
    Weights(String),
    /// A row is empty, too long, or names a token that is not in the table.
    #[error("{0}")]
    Row(String),
}

/// How an encoder computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The instructions.
    pub isa: Isa,
    /// The numbers of the linear layers' products. [`Precision::Bf16`] where the instructions have no kernel for
    /// it is computed in f32.
    pub precision: Precision,
}

/// Where an encoder's tensors come from, by the names that the `transformers` library gives them.
pub trait Weights {
    /// The numbers of a tensor of the given shape, row by row.
    ///
    /// # Errors
    /// [`Error::Weights`] when it is missing or of another shape.
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error>;

    /// The table of words, `rows × width`.
    ///
    /// # Errors
    /// As [`Self::tensor`].
    fn words(&self) -> Result<Table, Error>;
}

/// One layer.
pub(crate) struct Layer {
    pub(crate) projection: Linear,
    pub(crate) output: Linear,
    pub(crate) attended: Norm,
    pub(crate) up: Linear,
    pub(crate) down: Linear,
    pub(crate) done: Norm,
}

/// The learned part of a layer norm.
pub(crate) struct Norm {
    gain: Aligned<f32>,
    bias: Aligned<f32>,
    epsilon: f32,
}

impl Norm {
    /// Sets every row of `x` to the layer norm of `x + y`.
    pub(crate) fn add(&self, kernels: &Kernels, x: &mut [f32], y: &[f32]) {
        let (gain, bias) = (self.gain.as_slice(), self.bias.as_slice());
        for (x, y) in x.chunks_exact_mut(gain.len()).zip(y.chunks_exact(gain.len())) {
            (kernels.vectors.add_norm)(x, y, gain, bias, self.epsilon);
        }
    }
}

/// An encoder whose weights are packed for one set of instructions and one precision.
pub struct Bert {
    pub(crate) config: Config,
    pub(crate) options: Options,
    pub(crate) kernels: &'static Kernels,
    pub(crate) attention: Attention,
    pub(crate) layers: Vec<Layer>,
    pub(crate) embedded: Norm,
    /// Of every position, with the vector of the first token type added.
    positions: Aligned<f32>,
    words: Table,
    /// Memory of passes that are over.
    idle: Mutex<Vec<Pass>>,
}

impl Bert {
    /// Packs an encoder's weights.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for sizes that have no kernels: widths that are not multiples of 64, heads that
    /// are not multiples of 32; [`Error::Unavailable`] when the processor lacks the instructions;
    /// [`Error::Weights`] when a tensor is not as expected.
    pub fn new(config: Config, weights: &dyn Weights, options: Options) -> Result<Self, Error> {
        let kernels = arch::kernels(options.isa).ok_or_else(|| {
            let names: Vec<_> = Isa::available().iter().map(|isa| isa.name()).collect();
            Error::Unavailable(options.isa, names.join(", "))
        })?;
        config.check()?;
        let Config { width, heads, positions, types, .. } = config;
        let packing = Packing { config, kernels, precision: options.precision, weights };
        let words = weights.words()?;
        if !words.is_whole(width) {
            return Err(Error::Weights("the table of words is shorter than its shape".into()));
        }
        let mut table = Aligned::zeroed(positions * width);
        let position = weights.tensor("embeddings.position_embeddings.weight", &[positions, width])?;
        let kind = weights.tensor("embeddings.token_type_embeddings.weight", &[types, width])?;
        for (row, position) in table.as_mut_slice().chunks_exact_mut(width).zip(position.chunks_exact(width))
        {
            row.iter_mut().zip(position).zip(&kind).for_each(|((sum, a), b)| *sum = a + b);
        }
        let exact = options.precision == Precision::F32;
        Ok(Self {
            config,
            options,
            kernels,
            attention: Attention::new(kernels, exact, heads, width / heads),
            layers: (0..config.layers).map(|layer| packing.layer(layer)).collect::<Result<_, _>>()?,
            embedded: packing.norm("embeddings.LayerNorm")?,
            positions: table,
            words,
            idle: Mutex::default(),
        })
    }

    /// The sizes.
    pub fn config(&self) -> Config {
        self.config
    }

    /// How it computes.
    pub fn options(&self) -> Options {
        self.options
    }

    /// Computes the last layer's states of rows of token ids, on up to `cores` threads of the current rayon
    /// pool, and hands them to `read`.
    ///
    /// # Errors
    /// [`Error::Row`] when a row is empty, longer than [`Config::positions`], or names a token that is not there.
    pub fn encode<T>(
        &self,
        rows: &[&[u32]],
        cores: NonZeroUsize,
        read: impl FnOnce(&States<'_>) -> T,
    ) -> Result<T, Error> {
        for (number, row) in rows.iter().enumerate() {
            if row.is_empty() || row.len() > self.config.positions {
                let (len, most) = (row.len(), self.config.positions);
                return Err(Error::Row(format!("row {number} has {len} tokens; 1 to {most} are allowed")));
            }
            if let Some(id) = row.iter().find(|&&id| id as usize >= self.words.rows()) {
                let rows = self.words.rows();
                return Err(Error::Row(format!("row {number} has the token {id} of a table of {rows}")));
            }
        }
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pass = idle().pop().unwrap_or_default();
        if cores.get() > 1 {
            // Moves into the pool once, not at every stage.
            rayon::scope(|_| pass.run(self, rows, cores));
        } else {
            pass.run(self, rows, cores);
        }
        let outcome = read(&pass.states(self.config.width));
        idle().push(pass);
        Ok(outcome)
    }

    /// Sets `x` to the sum of a token's vectors.
    pub(crate) fn embed(&self, id: u32, position: usize, x: &mut [f32]) {
        let width = self.config.width;
        x.copy_from_slice(&self.positions.as_slice()[position * width..][..width]);
        self.words.add(self.kernels, id, x);
    }
}

impl Config {
    fn check(&self) -> Result<(), Error> {
        let Self { width, heads, inner, .. } = *self;
        let size = width.checked_div(heads).unwrap_or(0);
        let multiple = |what: &str, value: usize, of: usize| {
            if value > 0 && value.is_multiple_of(of) {
                return Ok(());
            }
            Err(Error::Unsupported(format!("{what} of {value}: it has to be a multiple of {of}")))
        };
        multiple("a width", width, 64)?;
        multiple("an inner width", inner, 64)?;
        multiple("a head", size, 32)?;
        if size * heads != width {
            return Err(Error::Unsupported(format!("{heads} heads in a width of {width}")));
        }
        Ok(())
    }
}

/// What packing needs.
struct Packing<'a> {
    config: Config,
    kernels: &'static Kernels,
    precision: Precision,
    weights: &'a dyn Weights,
}

impl Packing<'_> {
    fn layer(&self, layer: usize) -> Result<Layer, Error> {
        let Config { width, inner, .. } = self.config;
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        Ok(Layer {
            projection: self.projection(layer)?,
            output: self.linear(&name("attention.output.dense"), width, width)?,
            attended: self.norm(&name("attention.output.LayerNorm"))?,
            up: self.linear(&name("intermediate.dense"), inner, width)?,
            down: self.linear(&name("output.dense"), width, inner)?,
            done: self.norm(&name("output.LayerNorm"))?,
        })
    }

    /// Queries, keys and values in one layer; the queries are scaled as attention wants them.
    fn projection(&self, layer: usize) -> Result<Linear, Error> {
        let Config { width, heads, .. } = self.config;
        let (mut all, mut all_bias) = (Vec::new(), Vec::new());
        for part in ["query", "key", "value"] {
            let name = format!("encoder.layer.{layer}.attention.self.{part}");
            let mut weight = self.weights.tensor(&format!("{name}.weight"), &[width, width])?;
            let mut bias = self.weights.tensor(&format!("{name}.bias"), &[width])?;
            if part == "query" {
                let scale = 1.0 / ((width / heads) as f32).sqrt();
                weight.iter_mut().chain(&mut bias).for_each(|number| *number *= scale);
            }
            all.append(&mut weight);
            all_bias.append(&mut bias);
        }
        Ok(Linear::pack(self.kernels, self.precision, &all, &all_bias))
    }

    fn linear(&self, name: &str, outputs: usize, inputs: usize) -> Result<Linear, Error> {
        let weight = self.weights.tensor(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = self.weights.tensor(&format!("{name}.bias"), &[outputs])?;
        Ok(Linear::pack(self.kernels, self.precision, &weight, &bias))
    }

    fn norm(&self, name: &str) -> Result<Norm, Error> {
        let aligned = |part: &str| -> Result<Aligned<f32>, Error> {
            let numbers = self.weights.tensor(&format!("{name}.{part}"), &[self.config.width])?;
            let mut block = Aligned::zeroed(numbers.len());
            block.as_mut_slice().copy_from_slice(&numbers);
            Ok(block)
        };
        Ok(Norm { gain: aligned("weight")?, bias: aligned("bias")?, epsilon: self.config.epsilon })
    }
}
