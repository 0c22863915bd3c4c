//! Places where tests make a step fail. In a program that is not built for tests they are nothing.

use crate::Result;

/// Fails when a test says that this step shall.
pub(crate) fn failpoint(step: &'static str) -> Result<()> {
    fail::fail_point!(step, |_| Err(crate::Error::Internal(format!("{step} fails on purpose"))));
    // Unused where the macro is nothing.
    let _ = step;
    Ok(())
}
