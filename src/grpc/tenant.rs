//! Whose rules and records a call works with.

use std::sync::Arc;

use tonic::metadata::MetadataMap;

use super::App;
use crate::{Error, Result, desk::Tenant};

/// Metadata key that names the tenant of a call.
pub const TENANT_KEY: &str = "frontdesk-tenant";

/// The tenant of a call that names none.
pub const DEFAULT_TENANT: &str = "default";

/// Characters of a tenant's name at most.
const MAX_TENANT_CHARS: usize = 64;

/// The tenant that a call names; the default one when it names none.
///
/// # Errors
/// [`Error::Invalid`] when it is not a name, or more than one is sent.
pub fn name(metadata: &MetadataMap) -> Result<String> {
    let mut sent = metadata.get_all(TENANT_KEY).iter();
    let Some(first) = sent.next() else { return Ok(DEFAULT_TENANT.to_owned()) };
    let named = first.to_str().ok().filter(|name| is_name(name) && sent.next().is_none());
    named.map(str::to_owned).ok_or_else(|| {
        let reason = format!("send one name of 1 to {MAX_TENANT_CHARS} letters, digits, \"-\", \"_\", \".\"");
        Error::invalid(TENANT_KEY, reason)
    })
}

fn is_name(name: &str) -> bool {
    (1..=MAX_TENANT_CHARS).contains(&name.len()) && name.chars().all(is_name_character)
}

/// Whether a character may stand in the id of a tenant or a conversation.
pub fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
}

/// The rules of a tenant: those of its own folder, else the default tenant's.
pub fn rules(app: &App, name: &str) -> Arc<Tenant> {
    app.tenants.rules(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_named_in_the_metadata_or_is_the_default_one() {
        let named = |value: &str| {
            let mut metadata = MetadataMap::new();
            metadata.insert(TENANT_KEY, value.parse().expect("a value"));
            name(&metadata)
        };
        assert_eq!(name(&MetadataMap::new()).expect("the default"), "default");
        assert_eq!(named("Acme-2_b.c").expect("a name"), "Acme-2_b.c");
        for wrong in ["", "a b", "a/b", &"x".repeat(65)] {
            let error = named(wrong).expect_err("refused");
            assert!(error.to_string().starts_with("frontdesk-tenant: send one name"), "{error}");
        }
        let mut twice = MetadataMap::new();
        twice.append(TENANT_KEY, "a".parse().expect("a value"));
        twice.append(TENANT_KEY, "b".parse().expect("a value"));
        assert!(name(&twice).is_err());
    }
}
