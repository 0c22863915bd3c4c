//! The forward pass of BERT-type encoders on the CPU.
//!
//! Weights are packed once, for the instructions of the processor; rows of different lengths are computed
//! together without padding; products are in f32, bfloat16 or 8-bit whole numbers. [`Bert`] is the encoder,
//! [`Isa`] says what the processor can do.

#![deny(unsafe_code)]
#![warn(missing_docs)]

mod arch;
mod attention;
mod bert;
mod best;
mod buffer;
mod half;
mod isa;
mod linear;
mod pass;
mod table;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

pub use arch::Mapped;
pub use bert::{Bert, Config, Error, Options, Weights};
pub use best::BestProducts;
pub use isa::{Isa, Precision};
pub use pass::States;
pub use table::{Bytes, Table};
