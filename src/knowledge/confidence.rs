//! The probability that the first hit answers the question.

use serde::{Deserialize, Serialize};

/// Fitted parameters of the answer probability; read from `answer.json` in the model folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerCalibration {}

impl AnswerCalibration {
    /// Reads `answer.json` from a model folder; built-in, uncalibrated values when it is absent.
    ///
    /// # Errors
    /// [`crate::Error::Model`] when the file is there and wrong.
    pub fn read(_model_folder: &std::path::Path) -> crate::Result<Self> {
        todo!()
    }
}

impl Default for AnswerCalibration {
    fn default() -> Self {
        Self {}
    }
}
