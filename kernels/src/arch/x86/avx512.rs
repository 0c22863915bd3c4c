//! Kernels of 512 bits.

use std::arch::x86_64::*;

use crate::arch::{Kernels, Rows, Storage, TILE_LEN, Tile, checked_groups};

/// Rows of a tile: with two vectors of columns, 24 of the 32 registers hold sums.
const ROWS: usize = 12;
/// Columns of a tile: two vectors.
const COLUMNS: usize = 32;

const F32: Tile<f32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 1, storage: Storage::F32, run: products_f32 };
const BF16: Tile<f32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 2, storage: Storage::Bf16, run: products_bf16 };
const WORDS: Tile<i32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 2, storage: Storage::I16, run: products_words };
const BYTES: Tile<i32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 4, storage: Storage::U8, run: products_bytes };

/// Without dot products.
pub(super) const KERNELS: Kernels =
    Kernels { f32: F32, bf16: None, int8: WORDS, vectors: VECTORS, release: || {} };

/// With 8-bit dot products.
pub(super) const KERNELS_VNNI: Kernels =
    Kernels { f32: F32, bf16: None, int8: BYTES, vectors: VECTORS, release: || {} };

/// With dot products of bfloat16, too.
pub(super) const KERNELS_BF16: Kernels =
    Kernels { f32: F32, bf16: Some(BF16), int8: BYTES, vectors: VECTORS, release: || {} };

/// Four bytes at any address, in every lane.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn splat_i32(at: *const i32) -> __m512i {
    // SAFETY: the caller points to four bytes.
    _mm512_set1_epi32(unsafe { at.read_unaligned() })
}

#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn splat_f32(at: *const f32) -> __m512 {
    // SAFETY: the caller points to four bytes.
    _mm512_set1_ps(unsafe { at.read_unaligned() })
}

/// 32 bytes as 32 whole numbers of two bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn load_widened(at: *const __m256i) -> __m512i {
    // SAFETY: the caller points to 32 bytes.
    _mm512_cvtepi8_epi16(unsafe { _mm256_loadu_si256(at) })
}

#[inline]
#[target_feature(enable = "avx512f,avx512bf16")]
fn multiply_bf16(sum: __m512, a: __m512i, b: __m512i) -> __m512 {
    // SAFETY: both types are 512 bits without invalid values.
    unsafe {
        _mm512_dpbf16_ps(
            sum,
            std::mem::transmute::<__m512i, __m512bh>(a),
            std::mem::transmute::<__m512i, __m512bh>(b),
        )
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn multiply_f32(sum: __m512, a: __m512, b: __m512) -> __m512 {
    _mm512_fmadd_ps(a, b, sum)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn multiply_words(sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi32(sum, _mm512_madd_epi16(a, b))
}

tile!(
    "avx512f",
    products_f32,
    tile_f32,
    f32,
    _mm512_setzero_ps(),
    _mm512_storeu_ps,
    4,
    splat_f32,
    64,
    _mm512_loadu_ps,
    multiply_f32
);
tile!(
    "avx512f,avx512bf16",
    products_bf16,
    tile_bf16,
    f32,
    _mm512_setzero_ps(),
    _mm512_storeu_ps,
    4,
    splat_i32,
    64,
    _mm512_loadu_si512,
    multiply_bf16
);
tile!(
    "avx512f,avx512bw",
    products_words,
    tile_words,
    i32,
    _mm512_setzero_si512(),
    _mm512_storeu_si512,
    4,
    splat_i32,
    32,
    load_widened,
    multiply_words
);
tile!(
    "avx512f,avx512vnni",
    products_bytes,
    tile_bytes,
    i32,
    _mm512_setzero_si512(),
    _mm512_storeu_si512,
    4,
    splat_i32,
    64,
    _mm512_loadu_si512,
    _mm512_dpbusd_epi32
);

/// Vectors of 512 bits.
mod v {
    use std::arch::x86_64::*;

    use crate::arch::SQUARE;

    pub(super) const LANES: usize = 16;
    pub(super) type F = __m512;

    /// Functions that are one safe instruction.
    macro_rules! operations {
        ($($name:ident($($argument:ident),+) = $instruction:expr;)+) => {$(
            #[inline]
            #[target_feature(enable = "avx512f,avx512dq")]
            pub(super) fn $name($($argument: F),+) -> F {
                $instruction
            }
        )+};
    }

    operations! {
        add(a, b) = _mm512_add_ps(a, b);
        sub(a, b) = _mm512_sub_ps(a, b);
        mul(a, b) = _mm512_mul_ps(a, b);
        max(a, b) = _mm512_max_ps(a, b);
        min(a, b) = _mm512_min_ps(a, b);
        fma(a, b, c) = _mm512_fmadd_ps(a, b, c);
        abs(a) = _mm512_abs_ps(a);
        round(a) = _mm512_roundscale_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a);
        power_of_two(n) = _mm512_scalef_ps(_mm512_set1_ps(1.0), n);
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn splat(value: f32) -> F {
        _mm512_set1_ps(value)
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn load(from: &[f32; LANES]) -> F {
        // SAFETY: the array is as long as the vector.
        unsafe { _mm512_loadu_ps(from.as_ptr()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn store(value: F, to: &mut [f32; LANES]) {
        // SAFETY: the array is as long as the vector.
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), value) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn sum(a: F) -> f32 {
        _mm512_reduce_add_ps(a)
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn maximum(a: F) -> f32 {
        _mm512_reduce_max_ps(a)
    }

    /// The larger of a magnitude and that of `b`. As whole numbers the bits of infinity are above all numbers, and
    /// those of what is no number above infinity, so that none is lost.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq")]
    pub(super) fn larger(magnitude: F, b: F) -> F {
        let (a, b) = (_mm512_castps_si512(magnitude), _mm512_castps_si512(abs(b)));
        _mm512_castsi512_ps(_mm512_max_epi32(a, b))
    }

    /// The largest of magnitudes.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn largest(magnitudes: F) -> f32 {
        f32::from_bits(_mm512_reduce_max_epi32(_mm512_castps_si512(magnitudes)).cast_unsigned())
    }

    /// The numbers before the `count`th when `a` is the `place`th vector; `other` in the place of those behind.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn keep(a: F, count: usize, place: usize, other: f32) -> F {
        let kept = count.saturating_sub(place * LANES).min(LANES);
        let mask = (1u32 << kept) - 1;
        _mm512_mask_mov_ps(_mm512_set1_ps(other), mask as __mmask16, a)
    }

    /// `a - b` as f32.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn difference(a: &[i32; LANES], b: &[i32; LANES]) -> F {
        // SAFETY: both arrays are as long as the vector.
        let (a, b) =
            unsafe { (_mm512_loadu_si512(a.as_ptr().cast()), _mm512_loadu_si512(b.as_ptr().cast())) };
        _mm512_cvtepi32_ps(_mm512_sub_epi32(a, b))
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn from_half(bits: &[u16; LANES]) -> F {
        // SAFETY: the array is as long as the vector.
        _mm512_cvtph_ps(unsafe { _mm256_loadu_si256(bits.as_ptr().cast()) })
    }

    /// Rounds to bfloat16, ties to even; numbers that are none are not kept as such.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn to_bf16(a: F, to: &mut [u16; LANES]) {
        let bits = _mm512_castps_si512(a);
        let odd = _mm512_and_si512(_mm512_srli_epi32::<16>(bits), _mm512_set1_epi32(1));
        let rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
        let halves = _mm512_cvtepi32_epi16(_mm512_srli_epi32::<16>(rounded));
        // SAFETY: the array is as long as the vector.
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), halves) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn to_i16(a: F, to: &mut [i16; LANES]) {
        let numbers = _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(a));
        // SAFETY: the array is as long as the vector.
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), numbers) }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    pub(super) fn to_bytes(x: [F; 4], offset: u8, to: &mut [u8; 4 * LANES]) {
        let [a, b, c, d] = x;
        let ab = _mm512_packs_epi32(_mm512_cvtps_epi32(a), _mm512_cvtps_epi32(b));
        let cd = _mm512_packs_epi32(_mm512_cvtps_epi32(c), _mm512_cvtps_epi32(d));
        // Every quarter now holds four bytes of each vector.
        let order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        let bytes = _mm512_permutexvar_epi32(order, _mm512_packs_epi16(ab, cd));
        let bytes = _mm512_add_epi8(bytes, _mm512_set1_epi8(offset.cast_signed()));
        // SAFETY: the array is as long as the vector.
        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), bytes) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn transpose(rows: &[u32], stride: usize, columns: &mut [u32], wide: usize) {
        let mut square = [_mm512_setzero_si512(); SQUARE];
        for (vector, row) in square.iter_mut().zip(rows.chunks(stride)) {
            let row: &[u32; SQUARE] = &row.as_chunks().0[0];
            // SAFETY: the array is as long as the vector.
            *vector = unsafe { _mm512_loadu_si512(row.as_ptr().cast()) };
        }
        // First the numbers of four neighbouring rows come together, a quarter of a vector each.
        for fours in square.as_chunks_mut::<4>().0 {
            let [a, b, c, d] = *fours;
            let (low_ab, high_ab) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
            let (low_cd, high_cd) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
            *fours = [
                _mm512_unpacklo_epi64(low_ab, low_cd),
                _mm512_unpackhi_epi64(low_ab, low_cd),
                _mm512_unpacklo_epi64(high_ab, high_cd),
                _mm512_unpackhi_epi64(high_ab, high_cd),
            ];
        }
        // Then the quarters change places: vector `place` has those of columns `place`, `place + 4` and so on.
        for place in 0..4 {
            let [a, b, c, d] = [0, 4, 8, 12].map(|first| square[first + place]);
            let low_ab = _mm512_shuffle_i32x4::<0b01_00_01_00>(a, b);
            let high_ab = _mm512_shuffle_i32x4::<0b11_10_11_10>(a, b);
            let low_cd = _mm512_shuffle_i32x4::<0b01_00_01_00>(c, d);
            let high_cd = _mm512_shuffle_i32x4::<0b11_10_11_10>(c, d);
            square[place] = _mm512_shuffle_i32x4::<0b10_00_10_00>(low_ab, low_cd);
            square[place + 4] = _mm512_shuffle_i32x4::<0b11_01_11_01>(low_ab, low_cd);
            square[place + 8] = _mm512_shuffle_i32x4::<0b10_00_10_00>(high_ab, high_cd);
            square[place + 12] = _mm512_shuffle_i32x4::<0b11_01_11_01>(high_ab, high_cd);
        }
        for (vector, column) in square.into_iter().zip(columns.chunks_mut(wide)) {
            let column: &mut [u32; SQUARE] = &mut column.as_chunks_mut().0[0];
            // SAFETY: the array is as long as the vector.
            unsafe { _mm512_storeu_si512(column.as_mut_ptr().cast(), vector) };
        }
    }

    /// The Hadamard matrix of `size` numbers, without its scale, on every `size` neighbouring lanes.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn hadamard(mut a: F, size: usize) -> F {
        // In every step a lane adds the other lane of its pair, the second of the pair with its own sign changed.
        const fn signs(half: usize) -> [f32; LANES] {
            let mut signs = [1.0; LANES];
            let mut lane = 0;
            while lane < LANES {
                if lane & half != 0 {
                    signs[lane] = -1.0;
                }
                lane += 1;
            }
            signs
        }
        if size > 1 {
            a = _mm512_fmadd_ps(a, load(const { &signs(1) }), _mm512_permute_ps::<0b10_11_00_01>(a));
        }
        if size > 2 {
            a = _mm512_fmadd_ps(a, load(const { &signs(2) }), _mm512_permute_ps::<0b01_00_11_10>(a));
        }
        if size > 4 {
            a = _mm512_fmadd_ps(a, load(const { &signs(4) }), _mm512_shuffle_f32x4::<0b10_11_00_01>(a, a));
        }
        if size > 8 {
            a = _mm512_fmadd_ps(a, load(const { &signs(8) }), _mm512_shuffle_f32x4::<0b01_00_11_10>(a, a));
        }
        a
    }
}

vector_kernels!(#[target_feature(enable = "avx512f,avx512bw,avx512dq")]);
