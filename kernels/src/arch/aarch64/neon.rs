//! Work on rows with vectors of 128 bits.

use crate::arch::{Storage, TILE_LEN};

/// Vectors of 128 bits.
mod v {
    use std::arch::{aarch64::*, asm};

    pub(super) const LANES: usize = 4;
    pub(super) type F = float32x4_t;

    /// Functions that are one safe instruction.
    macro_rules! operations {
        ($($name:ident($($argument:ident),+) = $instruction:expr;)+) => {$(
            #[inline]
            #[target_feature(enable = "neon")]
            pub(super) fn $name($($argument: F),+) -> F {
                $instruction
            }
        )+};
    }

    operations! {
        add(a, b) = vaddq_f32(a, b);
        sub(a, b) = vsubq_f32(a, b);
        mul(a, b) = vmulq_f32(a, b);
        max(a, b) = vmaxq_f32(a, b);
        min(a, b) = vminq_f32(a, b);
        fma(a, b, c) = vfmaq_f32(c, a, b);
        abs(a) = vabsq_f32(a);
        round(a) = vrndnq_f32(a);
        power_of_two(n) = vreinterpretq_f32_s32(vshlq_n_s32::<23>(vaddq_s32(
            vcvtnq_s32_f32(n),
            vdupq_n_s32(127),
        )));
    }

    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn splat(value: f32) -> F {
        vdupq_n_f32(value)
    }

    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn load(from: &[f32; LANES]) -> F {
        // SAFETY: the array is as long as the vector.
        unsafe { vld1q_f32(from.as_ptr()) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn store(value: F, to: &mut [f32; LANES]) {
        // SAFETY: the array is as long as the vector.
        unsafe { vst1q_f32(to.as_mut_ptr(), value) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn sum(a: F) -> f32 {
        vaddvq_f32(a)
    }

    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn maximum(a: F) -> f32 {
        vmaxvq_f32(a)
    }

    /// The larger of a magnitude and that of `b`. As whole numbers the bits of infinity are above all numbers, and
    /// those of what is no number above infinity, so that none is lost.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn larger(magnitude: F, b: F) -> F {
        let (a, b) = (vreinterpretq_u32_f32(magnitude), vreinterpretq_u32_f32(vabsq_f32(b)));
        vreinterpretq_f32_u32(vmaxq_u32(a, b))
    }

    /// The largest of magnitudes.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn largest(magnitudes: F) -> f32 {
        f32::from_bits(vmaxvq_u32(vreinterpretq_u32_f32(magnitudes)))
    }

    /// The numbers before the `count`th when `a` is the `place`th vector; `other` in the place of those behind.
    #[inline]
    #[target_feature(enable = "neon")]
    #[expect(clippy::cast_possible_truncation, reason = "at most 4")]
    pub(super) fn keep(a: F, count: usize, place: usize, other: f32) -> F {
        let kept = count.saturating_sub(place * LANES).min(LANES) as u32;
        // SAFETY: the array is as long as the vector.
        let lane = unsafe { vld1q_u32([0, 1, 2, 3].as_ptr()) };
        vbslq_f32(vcltq_u32(lane, vdupq_n_u32(kept)), a, vdupq_n_f32(other))
    }

    /// `a - b` as f32.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn difference(a: &[i32; LANES], b: &[i32; LANES]) -> F {
        // SAFETY: both arrays are as long as the vector.
        let (a, b) = unsafe { (vld1q_s32(a.as_ptr()), vld1q_s32(b.as_ptr())) };
        vcvtq_f32_s32(vsubq_s32(a, b))
    }

    /// The intrinsic is not stable.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn from_half(bits: &[u16; LANES]) -> F {
        // SAFETY: the array is half as long as the vector; the instruction works on registers alone.
        unsafe {
            let value: F;
            asm!(
                "fcvtl {0:v}.4s, {1:v}.4h", out(vreg) value, in(vreg) vld1_u16(bits.as_ptr()),
                options(pure, nomem, nostack, preserves_flags)
            );
            value
        }
    }

    /// Rounds to bfloat16, ties to even; numbers that are none are not kept as such.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn to_bf16(a: F, to: &mut [u16; LANES]) {
        let bits = vreinterpretq_u32_f32(a);
        let odd = vandq_u32(vshrq_n_u32::<16>(bits), vdupq_n_u32(1));
        let rounded = vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff)));
        // SAFETY: the array is half as long as the vector.
        unsafe { vst1_u16(to.as_mut_ptr(), vshrn_n_u32::<16>(rounded)) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn to_i16(a: F, to: &mut [i16; LANES]) {
        // SAFETY: the array is half as long as the vector.
        unsafe { vst1_s16(to.as_mut_ptr(), vmovn_s32(vcvtnq_s32_f32(a))) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn to_bytes(x: [F; 4], offset: u8, to: &mut [u8; 4 * LANES]) {
        for (a, to) in x.into_iter().zip(to.as_chunks_mut::<LANES>().0) {
            let numbers = vaddq_s32(vcvtnq_s32_f32(a), vdupq_n_s32(i32::from(offset)));
            let halves = vmovn_s32(numbers);
            let bytes = vreinterpret_u32_s8(vmovn_s16(vcombine_s16(halves, halves)));
            *to = vget_lane_u32::<0>(bytes).to_le_bytes();
        }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn transpose(rows: &[u32], stride: usize, columns: &mut [u32], wide: usize) {
        crate::arch::vector::transpose(rows, stride, columns, wide);
    }

    /// The Hadamard matrix of `size` numbers, without its scale, on every `size` neighbouring lanes.
    #[inline]
    #[target_feature(enable = "neon")]
    pub(super) fn hadamard(mut a: F, size: usize) -> F {
        // In every step a lane adds the other lane of its pair, the second of the pair with its own sign changed.
        if size > 1 {
            a = vfmaq_f32(vrev64q_f32(a), a, load(&[1.0, -1.0, 1.0, -1.0]));
        }
        if size > 2 {
            a = vfmaq_f32(vextq_f32::<2>(a, a), a, load(&[1.0, 1.0, -1.0, -1.0]));
        }
        a
    }
}

vector_kernels!(#[target_feature(enable = "neon")]);
