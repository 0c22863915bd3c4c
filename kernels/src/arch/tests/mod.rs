//! Every kernel of every set of instructions that this processor has, on operands that proptest makes up.
//!
//! Slices are as long as the functions may read, in memory of their own, so that AddressSanitizer and valgrind see
//! a read beyond the end; see `kernels/README.md`.

mod products;
mod rows;

use super::Kernels;
use crate::Isa;

/// The sets of this processor, whether or not they pass the check at run time.
fn sets() -> impl Iterator<Item = (Isa, &'static Kernels)> {
    Isa::ALL.into_iter().filter_map(|isa| Some((isa, super::of_processor(isa)?)))
}

#[test]
fn the_sets_of_this_processor_have_kernels() {
    let names: Vec<_> = sets().map(|(isa, _)| isa.name()).collect();
    // Shown with --nocapture: what the run has tested.
    println!("kernels of {}", names.join(", "));
    assert!(names.contains(&"portable"));
    assert!(Isa::ALL.into_iter().all(|isa| !isa.is_faulty()));
}
