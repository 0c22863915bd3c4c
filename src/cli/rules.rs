//! `frontdesk rules`: checks policy files and runs their examples, without a server or a model.

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    Context,
    failure::{Failure, Finished},
    print,
};
use crate::{
    draft::{Mistake, Templates},
    policy::playbook::{BUILT_IN, ExampleResult, Finding, Playbook, Severity},
    tenants::{Folders, POLICY_FILE, PolicyFile, TEMPLATES_FOLDER},
};

/// Check the tenants' policy files and run their examples.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Check policy files and templates: every mistake with its line, and rules that never fire or contradict.
    #[command(after_help = "Examples:\n  \
        frontdesk rules check\n  \
        frontdesk rules check tenants/shop/policy.toml --strict\n\n\
        A tenant's folder of templates is checked with its policy file.\n\
        Exit code 1 when a file cannot be used; with --strict also when there are warnings.")]
    Check(CheckArgs),
    /// Run the examples of policy files and print what comes out otherwise than they expect.
    #[command(after_help = "Example:\n  frontdesk rules test tenants/shop/policy.toml\n\n\
        Exit code 1 when an example does not hold, or a file cannot be used.")]
    Test(TestArgs),
}

/// Which files to check.
#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// A policy file, a tenant's folder or a folder of tenants; default is `tenants.path` of the settings,
    /// and the built-in file.
    #[arg(value_name = "FILE|FOLDER")]
    path: Option<PathBuf>,
    /// Fail on warnings too.
    #[arg(long)]
    strict: bool,
}

/// Which files to test.
#[derive(Args, Debug)]
pub(super) struct TestArgs {
    /// A policy file, a tenant's folder or a folder of tenants; default is `tenants.path` of the settings,
    /// and the built-in file.
    #[arg(value_name = "FILE|FOLDER")]
    path: Option<PathBuf>,
}

/// What came of a policy file, or of templates.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The file, "built-in", or a folder of templates without a mistake.
    pub file: String,
    /// Its version; absent when it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// How its examples came out; absent when they were not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examples: Option<Vec<ExampleResult>>,
}

/// What came of all of them.
#[derive(Debug, Serialize)]
struct Reports {
    files: Vec<Report>,
}

impl Report {
    fn of(file: String, playbook: Result<Playbook, Vec<Finding>>, with_examples: bool) -> Self {
        match playbook {
            Ok(playbook) => Self {
                file,
                version: Some(playbook.version().to_owned()),
                findings: playbook.warnings().to_vec(),
                examples: with_examples.then(|| playbook.run_examples()),
            },
            Err(findings) => Self { file, version: None, findings, examples: None },
        }
    }

    /// Whether the file can be used and its examples hold.
    fn is_well(&self) -> bool {
        let examples = self.examples.iter().flatten();
        self.version.is_some() && examples.clone().all(|example| example.differences.is_empty())
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, command: RulesCommand) -> Result<Finished, Failure> {
    let (path, strict, with_examples) = match command {
        RulesCommand::Check(args) => (args.path, args.strict, false),
        RulesCommand::Test(args) => (args.path, false, true),
    };
    let reports = reports(context, path.as_deref(), with_examples)?;
    let is_well = reports.iter().all(|report| report.is_well() && (report.findings.is_empty() || !strict));
    if context.global.json {
        json(&Reports { files: reports })?;
    } else {
        let mut page = print::Page::new();
        print::rules(&mut page, &reports);
        page.print()?;
    }
    Ok(if is_well { Finished::Well } else { Finished::WithFailures })
}

fn reports(context: &Context, path: Option<&Path>, with_examples: bool) -> Result<Vec<Report>, Failure> {
    let targets = match path {
        Some(path) => named(path)?,
        None => tenants(&context.settings.tenants.folder())?,
    };
    let mut reports = Vec::new();
    if path.is_none() {
        reports.push(Report::of("built-in".to_owned(), Playbook::compile(BUILT_IN), with_examples));
    }
    for Target { policy, templates } in targets {
        if let Some(file) = policy {
            let PolicyFile { path, playbook, .. } =
                PolicyFile::read(&file).map_err(|error| Failure::usage(error.into()))?;
            reports.push(Report::of(path.display().to_string(), playbook, with_examples));
        }
        if let Some(folder) = templates.filter(|_| !with_examples) {
            reports.extend(of_templates(&folder)?);
        }
    }
    match path {
        Some(path) if reports.is_empty() => Err(nothing_in(path)),
        _ => Ok(reports),
    }
}

fn nothing_in(path: &Path) -> Failure {
    let error = anyhow::anyhow!(
        "{}: has neither a {POLICY_FILE} nor folders of tenants with one; name a policy file",
        path.display()
    );
    Failure::usage(error)
}

/// What came of a folder of templates: one report a file with mistakes, or one for all of them.
fn of_templates(folder: &Path) -> Result<Vec<Report>, Failure> {
    let read = Templates::read(folder).map_err(|error| Failure::usage(error.into()))?;
    let mistakes = match read {
        Ok(templates) => {
            let (file, version) = (folder.display().to_string(), Some(templates.version().to_owned()));
            return Ok(vec![Report { file, version, findings: vec![], examples: None }]);
        }
        Err(mistakes) => mistakes,
    };
    let mut reports: Vec<Report> = Vec::new();
    for Mistake { file, line, reason } in mistakes {
        let file = folder.join(file).display().to_string();
        // The template engine tells lines, not columns.
        let (line, column) = (line.unwrap_or(1), 1);
        let finding = Finding { severity: Severity::Error, line, column, key: String::new(), reason };
        match reports.last_mut().filter(|report| report.file == file) {
            Some(report) => report.findings.push(finding),
            None => reports.push(Report { file, version: None, findings: vec![finding], examples: None }),
        }
    }
    Ok(reports)
}

/// What there is to check of a tenant.
struct Target {
    /// The policy file.
    policy: Option<PathBuf>,
    /// The folder of templates.
    templates: Option<PathBuf>,
}

impl Target {
    /// What a tenant's folder holds.
    fn of_folder(folder: &Path) -> Self {
        let (policy, templates) = (folder.join(POLICY_FILE), folder.join(TEMPLATES_FOLDER));
        Self {
            policy: policy.is_file().then_some(policy),
            templates: templates.is_dir().then_some(templates),
        }
    }

    fn is_empty(&self) -> bool {
        self.policy.is_none() && self.templates.is_none()
    }
}

/// What a named path holds.
fn named(path: &Path) -> Result<Vec<Target>, Failure> {
    if !path.is_dir() {
        return Ok(vec![Target { policy: Some(path.to_owned()), templates: None }]);
    }
    let own = Target::of_folder(path);
    if own.is_empty() { tenants(path) } else { Ok(vec![own]) }
}

/// What the folders of tenants hold; nothing when there is none.
fn tenants(folder: &Path) -> Result<Vec<Target>, Failure> {
    let Folders { tenants, unreadable } = Folders::of(folder);
    if let Some(error) = unreadable.into_iter().next() {
        return Err(Failure::usage(error.into()));
    }
    let targets = tenants.iter().map(|(_, path)| Target::of_folder(path));
    Ok(targets.filter(|target| !target.is_empty()).collect())
}

/// Prints JSON: indented on a terminal, in one line for programs.
fn json(reports: &Reports) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let json = match stdout.is_terminal() {
        true => serde_json::to_string_pretty(reports),
        false => serde_json::to_string(reports),
    };
    let json = json.map_err(|error| Failure::server(error.into()))?;
    Ok(writeln!(stdout, "{json}")?)
}
