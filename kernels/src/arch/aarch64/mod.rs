//! Kernels for 64-bit ARM.

mod neon;
mod tiles;

use std::arch::is_aarch64_feature_detected;

use super::Kernels;
use crate::Isa;

/// With products of 8-bit numbers by widening them.
const NEON: Kernels =
    Kernels { f32: tiles::F32, bf16: None, int8: tiles::WIDENED, vectors: neon::VECTORS, release: || {} };

/// With 8-bit dot products.
const NEON_DOT: Kernels = Kernels { int8: tiles::DOT, ..NEON };

/// With products of 8-bit matrices.
const NEON_I8MM: Kernels = Kernels { int8: tiles::MATRIX, ..NEON };

/// The kernels of a set of instructions; `None` when this processor does not have it.
pub(super) fn kernels(isa: Isa) -> Option<&'static Kernels> {
    let neon = is_aarch64_feature_detected!("neon");
    match isa {
        Isa::Neon if neon => Some(&NEON),
        Isa::NeonDot if neon && is_aarch64_feature_detected!("dotprod") => Some(&NEON_DOT),
        Isa::NeonI8mm if neon && is_aarch64_feature_detected!("i8mm") => Some(&NEON_I8MM),
        _ => None,
    }
}
