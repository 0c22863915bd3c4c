//! Which instructions the processor has, and how numbers are multiplied.

use std::{fmt, str::FromStr};

/// A set of instructions that kernels are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isa {
    /// What every processor has.
    Portable,
    /// AVX2 with FMA (x86, from 2013).
    Avx2,
    /// AVX2 with 8-bit dot products of 256 bits (Intel client processors from 2021, AMD from Zen 5).
    AvxVnni,
    /// AVX-512 F, BW, DQ and VL (Intel servers from 2017).
    Avx512,
    /// AVX-512 with 8-bit dot products (Intel servers from 2019).
    Avx512Vnni,
    /// AVX-512 with 8-bit and bfloat16 dot products (AMD from Zen 4).
    Avx512Bf16,
    /// Tiles of 8-bit and bfloat16 numbers (Intel servers from 2023).
    Amx,
    /// NEON (every 64-bit ARM).
    Neon,
    /// NEON with 8-bit dot products (ARM from 2018).
    NeonDot,
    /// NEON with 8-bit matrix products (ARM from 2021).
    NeonI8mm,
}

impl Isa {
    /// Every set, the one to be preferred last.
    pub const ALL: [Self; 10] = [
        Self::Portable,
        Self::Neon,
        Self::NeonDot,
        Self::NeonI8mm,
        Self::Avx2,
        Self::AvxVnni,
        Self::Avx512,
        Self::Avx512Vnni,
        Self::Avx512Bf16,
        Self::Amx,
    ];

    /// Name in settings and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avxvnni",
            Self::Avx512 => "avx512",
            Self::Avx512Vnni => "avx512vnni",
            Self::Avx512Bf16 => "avx512bf16",
            Self::Amx => "amx",
            Self::Neon => "neon",
            Self::NeonDot => "neondot",
            Self::NeonI8mm => "neoni8mm",
        }
    }

    /// Whether this processor and its operating system have it, and its kernels give what the portable ones give.
    pub fn is_available(self) -> bool {
        crate::arch::kernels(self).is_some()
    }

    /// Whether this processor has it but its kernels do not give what the portable ones give: a fault of the
    /// processor, of what emulates it, or of a kernel. Such a set is not available.
    pub fn is_faulty(self) -> bool {
        crate::arch::is_faulty(self)
    }

    /// Whether products of a precision have kernels of their own here; those of bfloat16 are else in f32.
    pub fn multiplies(self, precision: Precision) -> bool {
        let kernels = crate::arch::kernels(self);
        kernels.is_some_and(|kernels| precision != Precision::Bf16 || kernels.bf16.is_some())
    }

    /// The sets that this processor has, the one to be preferred last.
    pub fn available() -> Vec<Self> {
        Self::ALL.into_iter().filter(|isa| isa.is_available()).collect()
    }

    /// The precisions that have kernels of their own in this set; none when the processor does not have it.
    pub fn precisions(self) -> Vec<Precision> {
        Precision::ALL.into_iter().filter(|&precision| self.multiplies(precision)).collect()
    }

    /// The set to be preferred on this processor.
    pub fn best() -> Self {
        // From the end, as every set that is asked for is checked first.
        Self::ALL.into_iter().rev().find(|isa| isa.is_available()).unwrap_or(Self::Portable)
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Isa {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|isa| isa.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|isa| isa.name()).collect();
            format!("{name:?} is none of {}", names.join(", "))
        })
    }
}

/// How the products of the linear layers are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// 32-bit floating point.
    F32,
    /// bfloat16 factors, 32-bit sums.
    Bf16,
    /// 8-bit whole numbers, 32-bit sums, after a rotation that spreads outliers.
    Int8,
}

impl Precision {
    /// Every precision, the most exact first.
    pub const ALL: [Self; 3] = [Self::F32, Self::Bf16, Self::Int8];

    /// Name in settings and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::Int8 => "int8",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Precision {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|precision| precision.name() == name)
            .ok_or_else(|| format!("{name:?} is none of f32, bf16, int8"))
    }
}
