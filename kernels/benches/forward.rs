//! One forward pass by instructions, precision and length: `cargo bench -p frontdesk-kernels -- [FILTER]`.
//!
//! Weights are made up; what a pass costs does not depend on their values. `FILTER` is a part of
//! "<instructions> <precision>", such as "avx512" or "int8".

use std::{num::NonZeroUsize, time::Instant};

use frontdesk_kernels::{Bert, Config, Error, Isa, Options, Precision, Table, Weights};

const CONFIG: Config =
    Config { layers: 6, width: 384, heads: 12, inner: 1536, positions: 512, types: 2, epsilon: 1e-12 };
const WORDS: usize = 40_000;
const LENGTHS: [usize; 7] = [8, 12, 16, 32, 64, 128, 512];

/// Numbers in -0.05..0.05.
struct MadeUp;

impl Weights for MadeUp {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let shift = if name.ends_with("LayerNorm.weight") { 1.0 } else { 0.0 };
        let mut state = name.len() as u32 + 1;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 16) as f32 / 65_536.0 - 0.5) * 0.1 + shift
        };
        Ok((0..shape.iter().product()).map(|_| next()).collect())
    }

    fn words(&self) -> Result<Table, Error> {
        let bytes: Vec<u8> =
            (0..WORDS * CONFIG.width * 2).map(|i| if i % 2 == 0 { i as u8 } else { 0x20 }).collect();
        Ok(Table::half(Box::new(bytes), 0, WORDS))
    }
}

fn main() {
    let filter: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for isa in Isa::available() {
        for precision in Precision::ALL {
            let name = format!("{isa} {precision}");
            if filter.iter().all(|part| name.contains(part.as_str())) {
                measure(&name, Options { isa, precision });
            }
        }
    }
}

fn measure(name: &str, options: Options) {
    let started = Instant::now();
    let bert = Bert::new(CONFIG, &MadeUp, options).expect("packs");
    print!("{name:20} packed in {:3.0} ms; ms by tokens:", started.elapsed().as_secs_f64() * 1e3);
    for length in LENGTHS {
        let row: Vec<u32> = (0..length).map(|place| (place * 7919 % WORDS) as u32).collect();
        print!("  {length}: {:.3}", median(&bert, &[&row], 1));
        if length >= 12 {
            print!(" (two cores {:.3})", median(&bert, &[&row], 2));
        }
    }
    let rows: Vec<Vec<u32>> = (0..32)
        .map(|row| (0..11 + row * 7 % 25).map(|place| (place * 7919 % WORDS) as u32).collect())
        .collect();
    let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
    let tokens: usize = rows.iter().map(|row| row.len()).sum();
    let took = median(&bert, &rows, 1);
    let on_two = median(&bert, &rows, 2);
    let rate = |took: f64| rows.len() as f64 / took * 1e3;
    println!(
        "  batch of {} ({tokens} tokens): {:.0} rows/s, two cores {:.0}",
        rows.len(),
        rate(took),
        rate(on_two)
    );
}

/// Milliseconds of one pass on up to `cores` threads.
fn median(bert: &Bert, rows: &[&[u32]], cores: usize) -> f64 {
    let cores = NonZeroUsize::new(cores).unwrap_or(NonZeroUsize::MIN);
    let started = Instant::now();
    let mut times = Vec::new();
    while times.len() < 5 || started.elapsed().as_secs_f64() < 0.4 {
        let one = Instant::now();
        bert.encode(rows, cores, |states| std::hint::black_box(states.row(0)[0])).expect("encodes");
        times.push(one.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
