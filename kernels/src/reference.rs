//! A forward pass written down as plainly as can be, for tests.

use crate::{Config, Error, Table, Weights};

/// Weights made up from a seed.
pub(crate) struct MadeUp {
    pub(crate) config: Config,
    pub(crate) rows: usize,
}

/// A well mixed number in -1..1 of a text and a place.
fn noise(name: &str, place: usize) -> f32 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in name.bytes().chain(place.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 29;
    hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((hash >> 40) as f32 / (1u64 << 24) as f32).mul_add(2.0, -1.0)
}

impl MadeUp {
    fn scale(&self, name: &str) -> (f32, f32) {
        match name {
            _ if name.ends_with("LayerNorm.weight") => (0.2, 1.0),
            _ if name.ends_with("bias") => (0.1, 0.0),
            _ if name.starts_with("embeddings") => (0.5, 0.0),
            _ => (3.0 / (self.config.width as f32).sqrt(), 0.0),
        }
    }

    fn numbers(&self, name: &str, len: usize) -> Vec<f32> {
        let (scale, shift) = self.scale(name);
        (0..len).map(|place| noise(name, place).mul_add(scale, shift)).collect()
    }

    fn half_bits(&self) -> Vec<u16> {
        // bfloat16 and half precision differ; noise of few bits is exact in both.
        let steps = |value: f32| (value * 64.0).round() / 64.0;
        self.numbers("embeddings.word", self.rows * self.config.width)
            .into_iter()
            .map(|value| to_half(steps(value)))
            .collect()
    }
}

/// Half precision of a number with few bits and an exponent near 0.
fn to_half(value: f32) -> u16 {
    if value == 0.0 {
        return 0;
    }
    let bits = value.to_bits();
    let exponent = ((bits >> 23) & 0xff) + 15 - 127;
    ((bits >> 16) & 0x8000) as u16 | (exponent << 10) as u16 | ((bits >> 13) & 0x3ff) as u16
}

impl Weights for MadeUp {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        Ok(self.numbers(name, shape.iter().product()))
    }

    fn words(&self) -> Result<Table, Error> {
        let bytes: Vec<u8> = self.half_bits().into_iter().flat_map(u16::to_le_bytes).collect();
        Ok(Table::half(Box::new(bytes), 0, self.rows))
    }
}

impl MadeUp {
    /// The states of one row, in f64.
    pub(crate) fn states(&self, row: &[u32]) -> Vec<f32> {
        let Config { width, layers, .. } = self.config;
        let words = self.half_bits();
        let positions = self.numbers("embeddings.position_embeddings.weight", self.config.positions * width);
        let kind = self.numbers("embeddings.token_type_embeddings.weight", width);
        let mut states: Vec<Vec<f64>> = row
            .iter()
            .enumerate()
            .map(|(position, &id)| {
                let sum = |i: usize| {
                    f64::from(crate::half::to_f32(words[id as usize * width + i]))
                        + f64::from(positions[position * width + i])
                        + f64::from(kind[i])
                };
                self.norm("embeddings.LayerNorm", (0..width).map(sum).collect())
            })
            .collect();
        for layer in 0..layers {
            states = self.layer(layer, &states);
        }
        states.into_iter().flatten().map(|value| value as f32).collect()
    }

    fn layer(&self, layer: usize, states: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let Config { width, heads, inner, .. } = self.config;
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        let of = |part: &str, outputs: usize, x: &[Vec<f64>]| -> Vec<Vec<f64>> {
            self.linear(&name(part), outputs, x)
        };
        let add = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x + y).collect::<Vec<_>>();
        let [q, k, v] =
            ["query", "key", "value"].map(|part| of(&format!("attention.self.{part}"), width, states));
        let size = width / heads;
        let mut context = vec![vec![0.0; width]; states.len()];
        for head in 0..heads {
            let own = head * size..(head + 1) * size;
            for (query, context) in q.iter().zip(&mut context) {
                let dot = |key: &Vec<f64>| {
                    query[own.clone()].iter().zip(&key[own.clone()]).map(|(a, b)| a * b).sum::<f64>()
                        / (size as f64).sqrt()
                };
                let scores: Vec<f64> = k.iter().map(dot).collect();
                let largest = scores.iter().copied().fold(f64::MIN, f64::max);
                let weights: Vec<f64> = scores.iter().map(|score| (score - largest).exp()).collect();
                let sum: f64 = weights.iter().sum();
                for i in own.clone() {
                    context[i] = weights.iter().zip(&v).map(|(weight, v)| weight / sum * v[i]).sum();
                }
            }
        }
        let attended: Vec<_> = of("attention.output.dense", width, &context)
            .iter()
            .zip(states)
            .map(|(x, y)| self.norm(&name("attention.output.LayerNorm"), add(x, y)))
            .collect();
        let mut up = of("intermediate.dense", inner, &attended);
        up.iter_mut().flatten().for_each(|x| *x *= phi(*x));
        of("output.dense", width, &up)
            .iter()
            .zip(&attended)
            .map(|(x, y)| self.norm(&name("output.LayerNorm"), add(x, y)))
            .collect()
    }

    fn linear(&self, name: &str, outputs: usize, x: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let weight = self.numbers(&format!("{name}.weight"), outputs * x[0].len());
        let bias = self.numbers(&format!("{name}.bias"), outputs);
        let dot = |row: &[f32], x: &[f64]| row.iter().zip(x).map(|(w, x)| f64::from(*w) * x).sum::<f64>();
        let of = |x: &Vec<f64>| {
            weight.chunks_exact(x.len()).zip(&bias).map(|(w, b)| dot(w, x) + f64::from(*b)).collect()
        };
        x.iter().map(of).collect()
    }

    fn norm(&self, name: &str, x: Vec<f64>) -> Vec<f64> {
        let gain = self.numbers(&format!("{name}.weight"), x.len());
        let bias = self.numbers(&format!("{name}.bias"), x.len());
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
        let scale = 1.0 / (variance + f64::from(self.config.epsilon)).sqrt();
        x.iter()
            .zip(gain)
            .zip(bias)
            .map(|((x, g), b)| (x - mean) * scale * f64::from(g) + f64::from(b))
            .collect()
    }
}

/// The normal distribution function: 1/2 + the series of its density's integral, or its tail.
fn phi(x: f64) -> f64 {
    if x.abs() > 7.0 {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= x * x / f64::from(2 * n + 1);
        sum += term;
    }
    0.5 + sum * (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt()
}
