//! The tenant's policy file: what it means, what is refused, and what always holds.

mod built_in;
mod calendars;
mod command;
mod common;
mod mistakes;
mod properties;
mod routing;
mod tenants;
