//! Small tensors of a model folder, as numbers.

use std::collections::HashMap;

use candle_core::{DType, Device, safetensors};

use super::ModelFolder;
use crate::{Error, Result};

/// Name of the file that holds the weights of every head.
pub(crate) const HEADS_FILE: &str = "heads.safetensors";

/// The tensors of one file.
pub(crate) struct Tensors<'a> {
    folder: &'a ModelFolder,
    file: &'static str,
    tensors: HashMap<String, candle_core::Tensor>,
}

impl<'a> Tensors<'a> {
    /// Reads a safetensors file.
    ///
    /// # Errors
    /// [`Error::Model`] when it is not there or not such a file.
    pub(crate) fn read(folder: &'a ModelFolder, file: &'static str) -> Result<Self> {
        let tensors = safetensors::load_buffer(&folder.read(file)?, &Device::Cpu)
            .map_err(|error| Error::model(folder.file(file), format!("not as expected: {error}")))?;
        Ok(Self { folder, file, tensors })
    }

    /// Whether a tensor is there.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// Number of rows that the tensors of a prefix have in common; 0 when there is none.
    pub(crate) fn num_rows(&self, prefix: &str) -> usize {
        let of_prefix = self.tensors.iter().filter(|(name, _)| name.starts_with(prefix));
        of_prefix.filter_map(|(_, tensor)| tensor.dims().first().copied()).max().unwrap_or(0)
    }

    /// The values of a tensor, row by row; `len` is how many there must be.
    ///
    /// # Errors
    /// [`Error::Model`] when it is missing, holds no numbers or has another size.
    pub(crate) fn get(&self, name: &str, len: Option<usize>) -> Result<Vec<f32>> {
        let broken = |reason: String| Error::model(self.folder.file(self.file), reason);
        let tensor = self.tensors.get(name).ok_or_else(|| broken(format!("has no tensor {name}")))?;
        let values = tensor
            .to_dtype(DType::F32)
            .and_then(|tensor| tensor.flatten_all()?.to_vec1::<f32>())
            .map_err(|error| broken(format!("{name}: {error}")))?;
        match len {
            Some(len) if len != values.len() => {
                Err(broken(format!("{name} has {} values, expected {len}", values.len())))
            }
            _ => Ok(values),
        }
    }
}
