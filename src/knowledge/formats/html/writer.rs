//! Writes a tree of HTML as Markdown.
//!
//! Headings, paragraphs, lists with their numbers, tables, quotes and code stay; of links stays their
//! text. Tables keep every cell: heads of rows, cells over several rows and tables without a head too.

use super::tree::{NodeId, Tree};
use crate::knowledge::formats::{Fault, MAX_TEXT_BYTES};

/// Lists and quotes in each other that are indented; deeper ones are written as if they were at this depth.
const MAX_INDENTS: usize = 8;

/// What to leave out: true for a node that is not written.
pub(super) type LeftOut<'a> = &'a dyn Fn(NodeId) -> bool;

/// Writes what is below a node as Markdown.
///
/// # Errors
/// When it gives more than [`MAX_TEXT_BYTES`].
pub(super) fn write(tree: &Tree, root: NodeId, left_out: LeftOut<'_>) -> Result<String, Fault> {
    let mut writer = Writer { tree, left_out, indents: 0, num_bytes: 0 };
    let mut blocks = Blocks::default();
    writer.children(root, &mut blocks);
    blocks.end_line();
    if writer.num_bytes > MAX_TEXT_BYTES {
        let message = format!("gives more than {MAX_TEXT_BYTES} bytes of text; split it into articles");
        return Err(Fault { line: 0, field: "body".into(), message });
    }
    let mut text = blocks.done.join("\n\n");
    text.push('\n');
    Ok(text)
}

/// Walks over the tree.
pub(super) struct Writer<'a> {
    pub(super) tree: &'a Tree,
    pub(super) left_out: LeftOut<'a>,
    /// Lists and quotes around the node that is being written.
    indents: usize,
    /// Bytes written so far, those written again at another place included.
    pub(super) num_bytes: usize,
}

/// Blocks of Markdown, and the text of the line that is not yet one.
#[derive(Default)]
pub(super) struct Blocks {
    done: Vec<String>,
    line: String,
}

impl Blocks {
    /// Ends the paragraph that is open.
    pub(super) fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        for paragraph in line.split("\n\n") {
            let lines: Vec<String> =
                paragraph.lines().map(str::trim).filter(|line| !line.is_empty()).map(guarded).collect();
            if !lines.is_empty() {
                self.done.push(lines.join("\n"));
            }
        }
    }

    /// Adds a block after the paragraph that is open.
    pub(super) fn push(&mut self, block: String) {
        self.end_line();
        if !block.trim().is_empty() {
            self.done.push(block);
        }
    }
}

impl Writer<'_> {
    /// Writes everything below a node.
    pub(super) fn children(&mut self, node: NodeId, blocks: &mut Blocks) {
        let tree = self.tree;
        for &child in tree.children(node) {
            self.node(child, blocks);
        }
    }

    fn node(&mut self, node: NodeId, blocks: &mut Blocks) {
        if self.num_bytes > MAX_TEXT_BYTES || (self.left_out)(node) {
            return;
        }
        match self.tree.name(node) {
            "" => self.text(node, &mut blocks.line),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, blocks),
            "ul" | "ol" | "menu" => {
                let list = self.list(node);
                blocks.push(list);
            }
            "table" => self.table(node, blocks),
            "pre" => {
                let block = self.code_block(node);
                blocks.push(block);
            }
            "blockquote" => self.quote(node, blocks),
            "hr" => blocks.push("***".into()),
            "br" => blocks.line.push('\n'),
            "dt" => {
                let term = self.one_line(node);
                blocks.push(emphasised(&term, "**"));
            }
            "b" | "strong" => self.emphasis(node, "**", blocks),
            "em" | "i" => self.emphasis(node, "*", blocks),
            "code" | "kbd" | "samp" => self.code(node, blocks),
            "script" | "style" | "noscript" | "template" | "head" | "title" | "svg" | "math" | "iframe"
            | "object" | "embed" | "canvas" | "audio" | "video" | "select" | "textarea" | "button"
            | "noframes" | "dialog" => {}
            name if is_inline(name) => self.children(node, blocks),
            _ => {
                blocks.end_line();
                self.children(node, blocks);
                blocks.end_line();
            }
        }
    }

    /// Adds a text with its blanks folded, as browsers show it.
    fn text(&mut self, node: NodeId, line: &mut String) {
        let text = self.tree.text(node);
        self.num_bytes += text.len();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
                '\u{a0}' | ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                    if !line.is_empty() && !line.ends_with([' ', '\n']) {
                        line.push(' ');
                    }
                }
                '\\' => line.push_str("\\\\"),
                '<' if characters
                    .peek()
                    .is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(*next)) =>
                {
                    line.push_str("\\<");
                }
                _ => line.push(character),
            }
        }
    }

    fn heading(&mut self, node: NodeId, blocks: &mut Blocks) {
        let level = self.tree.name(node)[1..].parse().unwrap_or(1);
        let text = self.one_line(node);
        if text.is_empty() {
            return blocks.end_line();
        }
        blocks.push(format!("{} {text}", "#".repeat(level)));
    }

    /// Everything below a node in one line.
    pub(super) fn one_line(&mut self, node: NodeId) -> String {
        let mut inner = Blocks::default();
        self.children(node, &mut inner);
        inner.end_line();
        let words: Vec<&str> = inner.done.iter().flat_map(|block| block.split_whitespace()).collect();
        words.join(" ")
    }

    fn list(&mut self, node: NodeId) -> String {
        let is_numbered = self.tree.name(node) == "ol";
        let mut number: i64 = self.tree.attribute(node, "start").trim().parse().unwrap_or(1);
        let mut items: Vec<String> = Vec::new();
        let tree = self.tree;
        self.indents += 1;
        for &child in tree.children(node) {
            if (self.left_out)(child) {
                continue;
            }
            let is_item = tree.name(child) == "li";
            if is_item && let Ok(value) = tree.attribute(child, "value").trim().parse() {
                number = value;
            }
            let marker = if is_numbered { format!("{}. ", number.max(0)) } else { "- ".to_owned() };
            let mut inner = Blocks::default();
            if is_item {
                self.children(child, &mut inner);
            } else {
                self.node(child, &mut inner);
            }
            inner.end_line();
            if inner.done.is_empty() {
                continue;
            }
            let text = joined_item(&inner.done);
            let width = if self.indents > MAX_INDENTS { 0 } else { marker.len() };
            match items.last_mut().filter(|_| !is_item) {
                // A list right in a list belongs to the item before it.
                Some(last) => last.push_str(&format!("\n{}{}", " ".repeat(width), indented(&text, width))),
                None => items.push(format!("{marker}{}", indented(&text, width))),
            }
            number = number.saturating_add(i64::from(is_item));
        }
        self.indents -= 1;
        items.join("\n")
    }

    fn quote(&mut self, node: NodeId, blocks: &mut Blocks) {
        let mut inner = Blocks::default();
        self.indents += 1;
        self.children(node, &mut inner);
        self.indents -= 1;
        inner.end_line();
        let text = inner.done.join("\n\n");
        if self.indents >= MAX_INDENTS {
            return blocks.push(text);
        }
        let lines: Vec<String> = text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
        blocks.push(lines.join("\n"));
    }

    fn emphasis(&mut self, node: NodeId, mark: &str, blocks: &mut Blocks) {
        let mut inner = Blocks::default();
        self.children(node, &mut inner);
        let has_blocks = !inner.done.is_empty();
        if has_blocks {
            // Emphasis around whole blocks, which is wrong HTML: the blocks count.
            inner.end_line();
            blocks.end_line();
            blocks.done.append(&mut inner.done);
            return;
        }
        let text = inner.line;
        if text.starts_with(char::is_whitespace)
            && !blocks.line.ends_with([' ', '\n'])
            && !blocks.line.is_empty()
        {
            blocks.line.push(' ');
        }
        blocks.line.push_str(&emphasised(text.trim(), mark));
        if text.ends_with(char::is_whitespace) && !text.trim().is_empty() {
            blocks.line.push(' ');
        }
    }

    /// The text below a node as it is written, blanks and line breaks included.
    fn raw(&mut self, node: NodeId) -> String {
        let tree = self.tree;
        let mut raw = String::new();
        for below in tree.below(node) {
            match tree.name(below) {
                "" => raw.push_str(tree.text(below)),
                "br" => raw.push('\n'),
                _ => {}
            }
        }
        self.num_bytes += raw.len();
        raw
    }

    fn code(&mut self, node: NodeId, blocks: &mut Blocks) {
        let raw = self.raw(node);
        let words: Vec<&str> = raw.split_whitespace().collect();
        let text = words.join(" ");
        if text.is_empty() || text.contains('`') {
            blocks.line.push_str(&text);
        } else {
            blocks.line.push_str(&format!("`{text}`"));
        }
    }

    fn code_block(&mut self, node: NodeId) -> String {
        let raw = self.raw(node);
        let longest = raw.split(|character| character != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(3.max(longest + 1));
        match raw.trim_matches('\n') {
            text if text.trim().is_empty() => String::new(),
            text => format!("{fence}\n{text}\n{fence}"),
        }
    }
}

/// The blocks of a list's item: a list in it follows its text at once, paragraphs stand apart.
fn joined_item(blocks: &[String]) -> String {
    let mut text = String::new();
    for block in blocks {
        if !text.is_empty() {
            let is_list = block.starts_with("- ") || block.starts_with(|first: char| first.is_ascii_digit());
            text.push_str(if is_list { "\n" } else { "\n\n" });
        }
        text.push_str(block);
    }
    text
}

/// A text whose lines after the first are moved to the right.
fn indented(text: &str, width: usize) -> String {
    let mut lines = text.lines();
    let mut moved = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        moved.push('\n');
        if !line.is_empty() {
            moved.push_str(&" ".repeat(width));
            moved.push_str(line);
        }
    }
    moved
}

/// A text in emphasis, or as it is where Markdown would not read the marks: next to punctuation, which
/// Chinese has at the end of most bold texts.
fn emphasised(text: &str, mark: &str) -> String {
    let is_letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    if is_letter(text.chars().next()) && is_letter(text.chars().next_back()) && !text.contains(['*', '\n']) {
        return format!("{mark}{text}{mark}");
    }
    text.to_owned()
}

/// A line of text that Markdown does not take for a heading, a list, a quote, a rule or a fence.
fn guarded(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|first: char| first.is_ascii_digit()).len();
    let rest = &line[digits..];
    let ends_marker = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    if (1..=9).contains(&digits) && rest.starts_with(['.', ')']) && ends_marker(&rest[1..]) {
        return format!("{}\\{rest}", &line[..digits]);
    }
    let marks = line.trim_start_matches('#');
    let is_heading = marks.len() < line.len() && ends_marker(marks);
    let is_item = line.starts_with(['-', '+', '*']) && ends_marker(&line[1..]);
    let is_rule = line.chars().all(|mark| matches!(mark, '-' | '=' | '*' | '_' | ' '));
    let is_fence = line.starts_with("```") || line.starts_with("~~~");
    if is_heading || is_item || is_rule || is_fence || line.starts_with('>') {
        return format!("\\{line}");
    }
    line.to_owned()
}

/// Whether an element stands within a line.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "data"
            | "del"
            | "dfn"
            | "font"
            | "img"
            | "input"
            | "ins"
            | "label"
            | "mark"
            | "nobr"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "small"
            | "span"
            | "strike"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}
