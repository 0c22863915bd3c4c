//! Every set of instructions and precision against the plain forward pass.

use std::num::NonZeroUsize;

use crate::{Bert, Config, Isa, Options, Precision, reference::MadeUp};

const CONFIG: Config =
    Config { layers: 2, width: 128, heads: 4, inner: 192, positions: 200, types: 2, epsilon: 1e-12 };

fn made_up() -> MadeUp {
    MadeUp { config: CONFIG, rows: 97 }
}

fn row(len: usize) -> Vec<u32> {
    (0..len).map(|place| ((place * 37 + len * 11) % 97) as u32).collect()
}

fn states(bert: &Bert, rows: &[&[u32]], cores: usize) -> Vec<Vec<f32>> {
    let cores = NonZeroUsize::new(cores).expect("at least one");
    let read = |states: &crate::States<'_>| (0..rows.len()).map(|row| states.row(row).to_vec()).collect();
    bert.encode(rows, cores, read).expect("encodes")
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn every_kernel_agrees_with_the_plain_pass() {
    let lens = [1usize, 2, 7, 12, 13, 31, 32, 33, 64, 100, 128, 129, 200];
    let rows: Vec<Vec<u32>> = lens.iter().map(|&len| row(len)).collect();
    let expected: Vec<Vec<f32>> = rows.iter().map(|row| made_up().states(row)).collect();
    let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
    for isa in Isa::available() {
        for (precision, allowed) in
            [(Precision::F32, 1e-10), (Precision::Bf16, 1e-4), (Precision::Int8, 2e-3)]
        {
            let bert = Bert::new(CONFIG, &made_up(), Options { isa, precision }).expect("packs");
            let found = states(&bert, &rows, 1);
            for ((found, expected), len) in found.iter().zip(&expected).zip(lens) {
                let distance = 1.0 - cosine(found, expected);
                assert!(distance < allowed, "{isa} {precision} {len} tokens: {distance:e}");
            }
            let on_two = states(&bert, &rows, 2);
            assert_eq!(found, on_two, "{isa} {precision}: on two threads");
            for (row, found) in rows.iter().zip(&found) {
                assert_eq!(&states(&bert, &[row], 1)[0], found, "{isa} {precision}: alone");
            }
        }
    }
}
