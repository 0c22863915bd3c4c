//! From the text of a policy file to a playbook, or to all of its mistakes.

use jiff::tz::TimeZone;
use toml::de::DeTable;

use super::{
    Finding, Playbook, Severity,
    calendar::{ALWAYS, Calendars, time_zone},
    conditions::Surroundings,
    examples::{self, Known},
    matrix::{ImpactTable, Matrix, SignalTable},
    names::{CHANNELS, TONES},
    overlap,
    read::Section,
    report::Report,
    routing::Routing,
    rules,
    service_level::ServiceLevels,
    thresholds::ThresholdTable,
};
use crate::{
    digest,
    message::{Channel, Tone},
};

/// Bytes of a policy file at most; one of a thousand rules has a third of it.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Digits of the digest that make a version.
const VERSION_DIGITS: usize = 12;

impl Playbook {
    /// Reads and checks a policy file.
    ///
    /// # Errors
    /// Every mistake of the file, in its order; at least one.
    pub fn compile(text: &str) -> Result<Self, Vec<Finding>> {
        let report = Report::new(text);
        if text.len() > MAX_BYTES {
            let reason = format!("has {} bytes; {MAX_BYTES} are the most", text.len());
            report.add(Severity::Error, report.place(&(0..0)), "", reason);
            return Err(report.into_findings());
        }
        let (document, broken) = DeTable::parse_recoverable(text);
        for error in &broken {
            let place = report.place(&error.span().unwrap_or_default());
            let reason = format!("is not TOML: {}", error.message().trim().replace('\n', ", "));
            report.add(Severity::Error, place, "", reason);
        }
        // What is left of a file that is not TOML would only give mistakes that are none.
        let playbook =
            broken.is_empty().then(|| Self::read(Section::top(document.get_ref(), &report), text, &report));
        let is_broken = report.has_errors();
        let mut findings = report.into_findings();
        match playbook {
            Some(playbook) if !is_broken => Ok(Self { warnings: findings, ..playbook }),
            _ => {
                findings.retain(|finding| finding.severity == Severity::Error);
                Err(findings)
            }
        }
    }

    fn read(mut top: Section<'_>, text: &str, report: &Report<'_>) -> Self {
        let mut playbook = Self::of_taxonomy(text);
        playbook.calendars = top.section("calendars").map(Calendars::read).unwrap_or_default();
        playbook.read_tenant(&mut top);
        if let Some(section) = top.section("thresholds") {
            playbook.thresholds = ThresholdTable::read(section);
        }
        if let Some(section) = top.section("priority") {
            playbook.matrix = Matrix::read(section);
        }
        if let Some(section) = top.section("impact") {
            playbook.impact = ImpactTable::read(section);
        }
        if let Some(section) = top.section("signals") {
            playbook.signals = SignalTable::read(section);
        }
        playbook.routing = Routing::read(&mut top, &playbook.calendars);
        if let Some(section) = top.section("service_levels") {
            playbook.service_levels = ServiceLevels::read(section, &playbook.calendars);
        }
        if let Some(section) = top.section("tone") {
            playbook.tones = read_tones(section);
        }
        playbook.read_rules(&mut top, report);
        top.finish();
        playbook
    }

    fn read_tenant(&mut self, top: &mut Section<'_>) {
        let Some(mut section) = top.section("tenant") else { return };
        if let Some(name) = section.get("name").and_then(|node| node.words()) {
            name.clone_into(&mut self.name);
        }
        if let Some(zone) = section.get("time_zone").and_then(|node| time_zone(&node)) {
            self.time_zone = zone;
        }
        if let Some(calendar) = section.get("default_calendar").and_then(|node| self.calendars.named(&node)) {
            self.default_calendar = calendar;
        }
        section.finish();
    }

    fn read_rules(&mut self, top: &mut Section<'_>, report: &Report<'_>) {
        if let Some(node) = top.get("rules") {
            let around = Surroundings { calendars: &self.calendars, zone: &self.time_zone };
            self.rules = rules::read(&node, &around, &self.routing);
            overlap::check(&self.rules, self.routing.mode, &self.matrix, report);
        }
        if let Some(node) = top.get("tests") {
            let known = Known {
                routing: &self.routing,
                rules: &self.rules,
                calendars: &self.calendars,
                zone: &self.time_zone,
            };
            self.examples = examples::read(&node, &known);
        }
    }

    /// The playbook of a file that states nothing: the taxonomy's queues, no rules.
    pub(super) fn of_taxonomy(text: &str) -> Self {
        let mut version = digest::sha256(text.as_bytes());
        version.truncate(VERSION_DIGITS);
        Self {
            version: version.into(),
            source: text.into(),
            name: String::new(),
            time_zone: TimeZone::UTC,
            default_calendar: ALWAYS.to_owned(),
            thresholds: ThresholdTable::default(),
            matrix: Matrix::default(),
            impact: ImpactTable::default(),
            signals: SignalTable::default(),
            routing: Routing::default(),
            calendars: Calendars::default(),
            service_levels: ServiceLevels::default(),
            tones: Channel::ALL.map(default_tone),
            rules: Vec::new(),
            examples: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// Letters are formal, chats are not.
const fn default_tone(channel: Channel) -> Tone {
    if channel.is_letter() { Tone::Formal } else { Tone::Friendly }
}

fn read_tones(mut section: Section<'_>) -> [Tone; Channel::ALL.len()] {
    let tones = CHANNELS.map(|(name, channel)| {
        let tone = section.get(name).and_then(|node| node.choice("tone", &TONES));
        tone.unwrap_or_else(|| default_tone(channel))
    });
    section.finish();
    tones
}
