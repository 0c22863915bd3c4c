//! Kernels of 256 bits.

use std::arch::x86_64::*;

use crate::arch::{Kernels, Rows, Storage, TILE_LEN, Tile, checked_groups};

/// Rows of a tile: with two vectors of columns, 12 of the 16 registers hold sums.
const ROWS: usize = 6;
/// Columns of a tile: two vectors.
const COLUMNS: usize = 16;

const F32: Tile<f32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 1, storage: Storage::F32, run: products_f32 };
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

/// Four bytes at any address, in every lane.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn splat_i32(at: *const i32) -> __m256i {
    // SAFETY: the caller points to four bytes.
    _mm256_set1_epi32(unsafe { at.read_unaligned() })
}

#[inline]
#[target_feature(enable = "avx2")]
unsafe fn splat_f32(at: *const f32) -> __m256 {
    // SAFETY: the caller points to four bytes.
    _mm256_set1_ps(unsafe { at.read_unaligned() })
}

/// 16 bytes as 16 whole numbers of two bytes.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load_widened(at: *const __m128i) -> __m256i {
    // SAFETY: the caller points to 16 bytes.
    _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(at) })
}

#[inline]
#[target_feature(enable = "avx2,fma")]
fn multiply_f32(sum: __m256, a: __m256, b: __m256) -> __m256 {
    _mm256_fmadd_ps(a, b, sum)
}

#[inline]
#[target_feature(enable = "avx2")]
fn multiply_words(sum: __m256i, a: __m256i, b: __m256i) -> __m256i {
    _mm256_add_epi32(sum, _mm256_madd_epi16(a, b))
}

tile!(
    "avx2,fma",
    products_f32,
    tile_f32,
    f32,
    _mm256_setzero_ps(),
    _mm256_storeu_ps,
    4,
    splat_f32,
    32,
    _mm256_loadu_ps,
    multiply_f32
);
tile!(
    "avx2",
    products_words,
    tile_words,
    i32,
    _mm256_setzero_si256(),
    _mm256_storeu_si256,
    4,
    splat_i32,
    16,
    load_widened,
    multiply_words
);
tile!(
    "avx2,avxvnni",
    products_bytes,
    tile_bytes,
    i32,
    _mm256_setzero_si256(),
    _mm256_storeu_si256,
    4,
    splat_i32,
    32,
    _mm256_loadu_si256,
    _mm256_dpbusd_avx_epi32
);

/// Vectors of 256 bits.
mod v {
    use std::arch::x86_64::*;

    pub(super) const LANES: usize = 8;
    pub(super) type F = __m256;

    /// Functions that are one safe instruction.
    macro_rules! operations {
        ($($name:ident($($argument:ident),+) = $instruction:expr;)+) => {$(
            #[inline]
            #[target_feature(enable = "avx2,fma")]
            pub(super) fn $name($($argument: F),+) -> F {
                $instruction
            }
        )+};
    }

    operations! {
        add(a, b) = _mm256_add_ps(a, b);
        sub(a, b) = _mm256_sub_ps(a, b);
        mul(a, b) = _mm256_mul_ps(a, b);
        max(a, b) = _mm256_max_ps(a, b);
        min(a, b) = _mm256_min_ps(a, b);
        fma(a, b, c) = _mm256_fmadd_ps(a, b, c);
        abs(a) = _mm256_andnot_ps(_mm256_set1_ps(-0.0), a);
        round(a) = _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a);
        power_of_two(n) = _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(
            _mm256_cvtps_epi32(n),
            _mm256_set1_epi32(127),
        )));
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn splat(value: f32) -> F {
        _mm256_set1_ps(value)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn load(from: &[f32; LANES]) -> F {
        // SAFETY: the array is as long as the vector.
        unsafe { _mm256_loadu_ps(from.as_ptr()) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn store(value: F, to: &mut [f32; LANES]) {
        // SAFETY: the array is as long as the vector.
        unsafe { _mm256_storeu_ps(to.as_mut_ptr(), value) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn sum(a: F) -> f32 {
        let half = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
        let pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
        _mm_cvtss_f32(_mm_add_ss(pair, _mm_movehdup_ps(pair)))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn maximum(a: F) -> f32 {
        let half = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
        let pair = _mm_max_ps(half, _mm_movehl_ps(half, half));
        _mm_cvtss_f32(_mm_max_ss(pair, _mm_movehdup_ps(pair)))
    }

    /// The larger of a magnitude and that of `b`. As whole numbers the bits of infinity are above all numbers, and
    /// those of what is no number above infinity, so that none is lost.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(super) fn larger(magnitude: F, b: F) -> F {
        let (a, b) = (_mm256_castps_si256(magnitude), _mm256_castps_si256(abs(b)));
        _mm256_castsi256_ps(_mm256_max_epi32(a, b))
    }

    /// The largest of magnitudes.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn largest(magnitudes: F) -> f32 {
        let bits = _mm256_castps_si256(magnitudes);
        let half = _mm_max_epi32(_mm256_castsi256_si128(bits), _mm256_extracti128_si256::<1>(bits));
        let pair = _mm_max_epi32(half, _mm_shuffle_epi32::<0b01_00_11_10>(half));
        let one = _mm_max_epi32(pair, _mm_shuffle_epi32::<0b10_11_00_01>(pair));
        f32::from_bits(_mm_cvtsi128_si32(one).cast_unsigned())
    }

    /// The numbers before the `count`th when `a` is the `place`th vector; `other` in the place of those behind.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn keep(a: F, count: usize, place: usize, other: f32) -> F {
        let kept = count.saturating_sub(place * LANES).min(LANES) as i32;
        let lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        let mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(kept), lane);
        _mm256_blendv_ps(_mm256_set1_ps(other), a, _mm256_castsi256_ps(mask))
    }

    /// `a - b` as f32.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn difference(a: &[i32; LANES], b: &[i32; LANES]) -> F {
        // SAFETY: both arrays are as long as the vector.
        let (a, b) =
            unsafe { (_mm256_loadu_si256(a.as_ptr().cast()), _mm256_loadu_si256(b.as_ptr().cast())) };
        _mm256_cvtepi32_ps(_mm256_sub_epi32(a, b))
    }

    #[inline]
    #[target_feature(enable = "avx2,f16c")]
    pub(super) fn from_half(bits: &[u16; LANES]) -> F {
        // SAFETY: the array is as long as the vector.
        _mm256_cvtph_ps(unsafe { _mm_loadu_si128(bits.as_ptr().cast()) })
    }

    /// The lower 16 bits of every lane.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn narrowed(a: __m256i) -> __m128i {
        let picked = _mm256_shuffle_epi8(
            a,
            _mm256_setr_epi8(
                0, 1, 4, 5, 8, 9, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1, //
                0, 1, 4, 5, 8, 9, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1,
            ),
        );
        _mm256_castsi256_si128(_mm256_permute4x64_epi64::<0b11_01_10_00>(picked))
    }

    /// Rounds to bfloat16, ties to even; numbers that are none are not kept as such.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn to_bf16(a: F, to: &mut [u16; LANES]) {
        let bits = _mm256_castps_si256(a);
        let odd = _mm256_and_si256(_mm256_srli_epi32::<16>(bits), _mm256_set1_epi32(1));
        let rounded = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
        let halves = narrowed(_mm256_srli_epi32::<16>(rounded));
        // SAFETY: the array is as long as the vector.
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), halves) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn to_i16(a: F, to: &mut [i16; LANES]) {
        let numbers = narrowed(_mm256_cvtps_epi32(a));
        // SAFETY: the array is as long as the vector.
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), numbers) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn to_bytes(x: [F; 4], offset: u8, to: &mut [u8; 4 * LANES]) {
        let [a, b, c, d] = x;
        let ab = _mm256_packs_epi32(_mm256_cvtps_epi32(a), _mm256_cvtps_epi32(b));
        let cd = _mm256_packs_epi32(_mm256_cvtps_epi32(c), _mm256_cvtps_epi32(d));
        let bytes = _mm256_packs_epi16(ab, cd);
        // Both halves now hold four bytes of each vector.
        let bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
        let bytes = _mm256_add_epi8(bytes, _mm256_set1_epi8(offset.cast_signed()));
        // SAFETY: the array is as long as the vector.
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), bytes) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn transpose(rows: &[u32], stride: usize, columns: &mut [u32], wide: usize) {
        crate::arch::vector::transpose(rows, stride, columns, wide);
    }

    /// The Hadamard matrix of `size` numbers, without its scale, on every `size` neighbouring lanes.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn hadamard(mut a: F, size: usize) -> F {
        // In every step a lane adds the other lane of its pair, the second of the pair with its own sign changed.
        if size > 1 {
            let other = _mm256_permute_ps::<0b10_11_00_01>(a);
            a = _mm256_blend_ps::<0b1010_1010>(_mm256_add_ps(other, a), _mm256_sub_ps(other, a));
        }
        if size > 2 {
            let other = _mm256_permute_ps::<0b01_00_11_10>(a);
            a = _mm256_blend_ps::<0b1100_1100>(_mm256_add_ps(other, a), _mm256_sub_ps(other, a));
        }
        if size > 4 {
            let other = _mm256_permute2f128_ps::<0b0000_0001>(a, a);
            a = _mm256_blend_ps::<0b1111_0000>(_mm256_add_ps(other, a), _mm256_sub_ps(other, a));
        }
        a
    }
}

vector_kernels!(#[target_feature(enable = "avx2,fma,f16c")]);
