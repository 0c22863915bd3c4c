//! Which encoder computes, with which instructions and in which precision.

use std::{fmt, str::FromStr, sync::Arc};

use frontdesk_kernels::{Isa, Precision};
use serde::{Deserialize, Serialize};

use super::{CandleEncoder, Encoder, FusedEncoder, ModelFolder, fused::Refused};
use crate::{Error, Result};

/// The setting that names the kernel, for messages.
const KERNEL: &str = "model.kernel";
/// The setting that names the precision.
const PRECISION: &str = "model.precision";

/// What computes forward passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Kernel {
    /// The fused encoder with the best instructions of this processor; candle for models that it cannot compute.
    #[default]
    Auto,
    /// The reference encoder.
    Candle,
    /// The fused encoder with these instructions.
    Fused(Isa),
}

/// The numbers that matrices are multiplied in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PrecisionChoice {
    /// The fastest of those that keep labels and retrieval on this processor.
    #[default]
    Auto,
    /// This one.
    Exactly(Precision),
}

/// How forward passes are to be computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Computing {
    /// What computes.
    pub kernel: Kernel,
    /// The numbers that matrices are multiplied in.
    pub precision: PrecisionChoice,
}

impl Computing {
    /// candle in f32, against which the others are measured.
    pub const REFERENCE: Self =
        Self { kernel: Kernel::Candle, precision: PrecisionChoice::Exactly(Precision::F32) };

    /// The fused encoder in one way.
    pub fn fused(isa: Isa, precision: Precision) -> Self {
        Self { kernel: Kernel::Fused(isa), precision: PrecisionChoice::Exactly(precision) }
    }

    /// The instructions and the precision of the fused encoder on this processor; `None` for candle.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the processor lacks the instructions, or these have no kernels for the precision.
    fn resolved(self) -> Result<Option<(Isa, Precision)>> {
        let isa = match (self.kernel, self.precision) {
            (Kernel::Candle, PrecisionChoice::Auto | PrecisionChoice::Exactly(Precision::F32)) => {
                return Ok(None);
            }
            (Kernel::Candle, PrecisionChoice::Exactly(precision)) => {
                let reason = format!(
                    "candle has no {precision}; write \"f32\" or \"auto\", or another kernel in {KERNEL}"
                );
                return Err(Error::invalid(PRECISION, reason));
            }
            (Kernel::Auto, _) => Isa::best(),
            (Kernel::Fused(isa), _) => isa,
        };
        if !isa.is_available() {
            let fault = if isa.is_faulty() { "computes something else with" } else { "does not have" };
            let reason = format!(
                "this processor {fault} {isa}; it has {}; write one of these, \"candle\" or \"auto\"",
                names(&Isa::available())
            );
            return Err(Error::invalid(KERNEL, reason));
        }
        let precision = match self.precision {
            PrecisionChoice::Auto => preferred_precision(isa),
            PrecisionChoice::Exactly(precision) if isa.precisions().contains(&precision) => precision,
            PrecisionChoice::Exactly(precision) => {
                let reason = format!(
                    "{isa} has no {precision}; it has {}; write one of these or \"auto\"",
                    names(&isa.precisions())
                );
                return Err(Error::invalid(PRECISION, reason));
            }
        };
        Ok(Some((isa, precision)))
    }
}

/// The fastest precision of some instructions that keeps labels and retrieval.
///
/// That is bfloat16 where it is multiplied, else f32. 8-bit numbers are faster, but change .21 to .37 % of all labels
/// of 806 messages, by the set of instructions, and .3 % are allowed; `tests/precision.rs` measures it.
fn preferred_precision(isa: Isa) -> Precision {
    match isa {
        // There it is computed in f32, only slower.
        Isa::Portable => Precision::F32,
        _ if isa.multiplies(Precision::Bf16) => Precision::Bf16,
        _ => Precision::F32,
    }
}

/// Loads the encoder of a model folder.
///
/// # Errors
/// [`Error::Invalid`] when this processor or the model cannot be computed as asked for; [`Error::Model`] when a
/// file is not as expected.
pub fn load(folder: &ModelFolder, computing: Computing) -> Result<Arc<dyn Encoder>> {
    let Some((isa, precision)) = computing.resolved()? else {
        return Ok(Arc::new(CandleEncoder::load(folder)?));
    };
    let refused = match FusedEncoder::load(folder, isa, precision) {
        Ok(encoder) => return Ok(Arc::new(encoder)),
        Err(Refused::Model(reason)) => reason,
        Err(Refused::Failed(error)) => return Err(error),
    };
    if computing.kernel != Kernel::Auto {
        let reason =
            format!("the model cannot be computed by {isa}: {refused}; write \"candle\" or \"auto\"");
        return Err(Error::invalid(KERNEL, reason));
    }
    if let PrecisionChoice::Exactly(Precision::Bf16 | Precision::Int8) = computing.precision {
        let reason =
            format!("the model cannot be computed in {precision}: {refused}; write \"f32\" or \"auto\"");
        return Err(Error::invalid(PRECISION, reason));
    }
    tracing::warn!(
        model = folder.name(),
        reason = refused,
        "no fused kernels for this model; candle computes"
    );
    Ok(Arc::new(CandleEncoder::load(folder)?))
}

fn names<T: fmt::Display>(of: &[T]) -> String {
    of.iter().map(|one| format!("\"{one}\"")).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Kernel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => formatter.write_str("auto"),
            Self::Candle => formatter.write_str("candle"),
            Self::Fused(isa) => isa.fmt(formatter),
        }
    }
}

impl FromStr for Kernel {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "auto" => Ok(Self::Auto),
            "candle" => Ok(Self::Candle),
            _ => name.parse().map(Self::Fused).map_err(|_| {
                format!("{name:?} is no kernel; write \"auto\", \"candle\" or one of {}", names(&Isa::ALL))
            }),
        }
    }
}

impl fmt::Display for PrecisionChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => formatter.write_str("auto"),
            Self::Exactly(precision) => precision.fmt(formatter),
        }
    }
}

impl FromStr for PrecisionChoice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if name == "auto" {
            return Ok(Self::Auto);
        }
        let unknown =
            |_| format!("{name:?} is no precision; write \"auto\" or one of {}", names(&Precision::ALL));
        name.parse().map(Self::Exactly).map_err(unknown)
    }
}

impl TryFrom<String> for Kernel {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl From<Kernel> for String {
    fn from(kernel: Kernel) -> Self {
        kernel.to_string()
    }
}

impl TryFrom<String> for PrecisionChoice {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl From<PrecisionChoice> for String {
    fn from(precision: PrecisionChoice) -> Self {
        precision.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kernel: Kernel, precision: PrecisionChoice) -> String {
        Computing { kernel, precision }.resolved().expect_err("refused").to_string()
    }

    #[test]
    fn every_name_is_read_as_it_is_written() {
        for name in ["auto", "candle"].into_iter().chain(Isa::ALL.map(Isa::name)) {
            assert_eq!(name.parse::<Kernel>().unwrap().to_string(), name);
        }
        for name in ["auto", "f32", "bf16", "int8"] {
            assert_eq!(name.parse::<PrecisionChoice>().unwrap().to_string(), name);
        }
        assert!("sse".parse::<Kernel>().unwrap_err().contains("\"avx2\""));
        assert!("int4".parse::<PrecisionChoice>().unwrap_err().contains("\"int8\""));
    }

    #[test]
    fn what_does_not_go_together_is_refused_with_a_remedy() {
        let missing = Isa::ALL.into_iter().find(|isa| !isa.is_available()).expect("no processor has all");
        let reason = refused(Kernel::Fused(missing), PrecisionChoice::Auto);
        assert!(reason.starts_with("model.kernel") && reason.contains("it has \"portable\""), "{reason}");
        let reason = refused(Kernel::Candle, PrecisionChoice::Exactly(Precision::Int8));
        assert!(reason.starts_with("model.precision") && reason.contains("\"f32\""), "{reason}");
        let of_two = |isa: &Isa| !isa.multiplies(Precision::Bf16);
        if let Some(isa) = Isa::available().into_iter().find(of_two) {
            let reason = refused(Kernel::Fused(isa), PrecisionChoice::Exactly(Precision::Bf16));
            assert!(reason.starts_with("model.precision") && reason.contains("\"int8\""), "{reason}");
        }
    }

    #[test]
    fn each_set_of_instructions_has_a_precision_of_its_own_kernels() {
        for isa in Isa::available() {
            let computing = Computing { kernel: Kernel::Fused(isa), ..Computing::default() };
            let (found, precision) = computing.resolved().unwrap().expect("not candle");
            assert_eq!(found, isa);
            assert!(isa.precisions().contains(&precision), "{isa} {precision}");
        }
    }
}
