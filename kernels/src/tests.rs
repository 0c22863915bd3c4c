//! Every set of instructions and precision against the plain forward pass.

use std::num::NonZeroUsize;

use crate::{Bert, Config, Error, Isa, Options, Precision, reference::MadeUp};

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

#[test]
fn a_pass_allocates_nothing_once_it_is_warm() {
    let rows = [row(40), row(3), row(150)];
    let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
    for isa in Isa::available() {
        for precision in Precision::ALL {
            let bert = Bert::new(CONFIG, &made_up(), Options { isa, precision }).expect("packs");
            let pass = || bert.encode(&rows, NonZeroUsize::MIN, |states| states.row(1)[0]).expect("encodes");
            pass();
            let counted = allocation_counter::measure(|| {
                pass();
            });
            assert_eq!(counted.count_total, 0, "{isa} {precision}");
        }
    }
}

#[test]
fn rows_that_cannot_be_computed_are_refused() {
    let bert = Bert::new(CONFIG, &made_up(), Options { isa: Isa::Portable, precision: Precision::F32 });
    let bert = bert.expect("packs");
    let refused = |row: &[u32]| bert.encode(&[&[1, 2], row], NonZeroUsize::MIN, |_| ()).expect_err("refused");
    assert_eq!(refused(&[]), Error::Row("row 1 has 0 tokens; 1 to 200 are allowed".into()));
    assert_eq!(refused(&[1; 201]), Error::Row("row 1 has 201 tokens; 1 to 200 are allowed".into()));
    assert_eq!(refused(&[3, 97]), Error::Row("row 1 has the token 97 of a table of 97".into()));
}

#[test]
fn sizes_without_kernels_are_refused_by_name() {
    let options = Options { isa: Isa::Portable, precision: Precision::F32 };
    let refused = |config: Config| match Bert::new(config, &MadeUp { config, rows: 9 }, options) {
        Ok(_) => panic!("packed"),
        Err(error) => error.to_string(),
    };
    let width = refused(Config { width: 312, heads: 12, ..CONFIG });
    assert!(width.contains("a width of 312") && width.contains("64"), "{width}");
    let head = refused(Config { width: 128, heads: 8, ..CONFIG });
    assert!(head.contains("a head of 16") && head.contains("32"), "{head}");
}
