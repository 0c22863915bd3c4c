//! The server that is measured: a process of its own.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::figures::Memory;

/// Ticks of a second in the files of `/proc`, the same on every Linux.
const TICKS: f64 = 100.0;

/// How the program is run.
pub struct Program {
    /// Its file.
    pub path: PathBuf,
    /// Its data folder.
    pub data: PathBuf,
    /// The knowledge base that it searches.
    pub default_base: String,
    /// Cores that it may use; 0 means all.
    pub cores: usize,
}

/// A running server; dropping it kills it.
pub struct ServerProcess {
    child: Child,
    url: String,
    start: Duration,
}

impl ServerProcess {
    /// Starts the program and waits until it serves.
    ///
    /// # Errors
    /// When it ends before; what it says stands on standard error.
    pub fn start(program: &Program) -> Result<Self> {
        let started = Instant::now();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(&program.path);
        command
            .arg("serve")
            // A settings file of the working folder would count.
            .current_dir(&program.data)
            .env("FRONTDESK__MODEL__PATH", root.join("models/frontdesk-bilingual-v1"))
            .env("FRONTDESK__KNOWLEDGE__SAMPLE_PATH", root.join("samples/knowledge"))
            .env("FRONTDESK__TENANTS__PATH", root.join("tenants"))
            .env("FRONTDESK__SERVER__LISTEN", "127.0.0.1:0")
            .env("FRONTDESK__DATA__PATH", &program.data)
            .env("FRONTDESK__KNOWLEDGE__DEFAULT_BASE", &program.default_base)
            .env("FRONTDESK__LOG__LEVEL", "warn")
            .stdout(Stdio::piped());
        if program.cores > 0 {
            command.env("FRONTDESK__WORKERS__CORES", program.cores.to_string());
        }
        let mut child = command.spawn().with_context(|| program.path.display().to_string())?;
        let output = child.stdout.take().context("the server has no standard output")?;
        let mut url = String::new();
        for line in BufReader::new(output).lines() {
            if let Some(found) = line?.strip_prefix("Frontdesk listens on ") {
                url = found.to_owned();
                break;
            }
        }
        let server = Self { child, url, start: started.elapsed() };
        ensure!(!server.url.is_empty(), "the server ended before it served");
        Ok(server)
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Time from the start of the process until it served.
    pub fn took_to_start(&self) -> Duration {
        self.start
    }

    /// Its memory now.
    pub fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| -> Option<f64> {
            let line = status.lines().find(|line| line.starts_with(name))?;
            Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
        };
        let (all, files) = field("VmRSS:").zip(field("RssFile:")).context("no memory in /proc")?;
        Ok(Memory { all, files })
    }

    /// Seconds of CPU that it took until now.
    pub fn cpu_seconds(&self) -> Result<f64> {
        cpu_seconds(&self.child.id().to_string())
    }

    /// Ends it as an operator would.
    pub fn stop(mut self) -> Result<()> {
        let ended = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        ensure!(ended.success(), "the server had ended before");
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // After a stop both have nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Seconds of CPU that a process took until now; "self" is this one.
pub fn cpu_seconds(process: &str) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).context("only Linux tells CPU times")?;
    // The name before may hold spaces.
    let fields = stat.rsplit_once(')').context("no name in /proc")?.1.split_whitespace();
    let ticks = fields.skip(11).take(2).map(|ticks| Ok(ticks.parse::<f64>()?)).sum::<Result<f64>>()?;
    Ok(ticks / TICKS)
}
