//! HTML as a tree of nodes, read with bounds on depth, number of nodes and number of attributes.
//!
//! The parser follows the WHATWG standard (html5ever). Some of its steps walk over everything that is
//! open, so input that nests without end would take quadratic time and blow the stack of whoever walks
//! the tree: it is refused, with its line, soon after it goes over a bound.

use std::{
    borrow::Cow,
    cell::{Cell, Ref, RefCell},
};

use html5ever::{
    Attribute, ParseOpts, QualName, ns, parse_document,
    tendril::{StrTendril, TendrilSink},
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink},
};

use super::attributes;
use crate::knowledge::formats::Fault;

/// Deepest nesting that is read; real pages have 20 to 60 levels.
const MAX_DEPTH: usize = 256;
/// Most nodes of one text; a page of a megabyte has about 30,000.
const MAX_NODES: usize = 400_000;
/// Bytes that are parsed between two looks at the bounds.
const CHUNK_BYTES: usize = 4096;

/// A place in a [`Tree`].
pub(super) type NodeId = usize;

/// The document at the top of every tree.
pub(super) const DOCUMENT: NodeId = 0;

/// A parsed text.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// An element, a text, or something that says nothing.
#[derive(Debug)]
struct Node {
    parent: Option<NodeId>,
    children: Vec<NodeId>,
    /// Name of an element; empty for every other node.
    name: QualName,
    attributes: Vec<Attribute>,
    /// The text of a text; empty for every other node.
    text: String,
}

impl Tree {
    /// Reads a text.
    ///
    /// # Errors
    /// The line at which it nests too deep or has too many nodes or attributes.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        attributes::check(text)?;
        let tree_builder = TreeBuilderOpts { scripting_enabled: true, ..TreeBuilderOpts::default() };
        let mut parser = parse_document(Sink::default(), ParseOpts { tree_builder, ..ParseOpts::default() });
        let mut rest = text;
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK_BYTES.min(rest.len())));
            parser.process(StrTendril::from_slice(chunk));
            parser.tokenizer.sink.sink.check()?;
            rest = after;
        }
        let tree = parser.finish();
        // Moving nodes, as the standard does for wrongly nested ones, can deepen what is below them.
        match tree.max_depth() {
            depth if depth > 2 * MAX_DEPTH => Err(too_deep(0)),
            _ => Ok(tree),
        }
    }

    /// The name of an element in lower case; empty for everything else.
    pub(super) fn name(&self, node: NodeId) -> &str {
        &self.nodes[node].name.local
    }

    /// The text of a text node; empty for everything else.
    pub(super) fn text(&self, node: NodeId) -> &str {
        &self.nodes[node].text
    }

    /// An attribute of an element; empty when it has none of that name.
    pub(super) fn attribute(&self, node: NodeId, name: &str) -> &str {
        let attributes = &self.nodes[node].attributes;
        attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map_or("", |attribute| &attribute.value)
    }

    /// The nodes right below a node, in order.
    pub(super) fn children(&self, node: NodeId) -> &[NodeId] {
        &self.nodes[node].children
    }

    /// Number of nodes, those outside the document included.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A node and everything below it, each before what is below it, in the order of the text.
    pub(super) fn below(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let mut open = vec![node];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(self.children(next).iter().rev());
            Some(next)
        })
    }

    /// The first element of a name below a node.
    pub(super) fn find(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.below(node).find(|&below| self.name(below) == name)
    }

    fn max_depth(&self) -> usize {
        let mut deepest = 0;
        let mut open = vec![(DOCUMENT, 0)];
        while let Some((node, depth)) = open.pop() {
            deepest = deepest.max(depth);
            open.extend(self.children(node).iter().map(|&child| (child, depth + 1)));
        }
        deepest
    }
}

fn too_deep(line: usize) -> Fault {
    let message = format!("nests more than {MAX_DEPTH} elements; keep the content and drop what wraps it");
    Fault { line, field: String::new(), message }
}

/// Builds the tree for the parser.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    line: Cell<u64>,
    /// The line at which the text nests too deep.
    too_deep: Cell<Option<u64>>,
}

impl Default for Sink {
    fn default() -> Self {
        let sink = Self { nodes: RefCell::default(), line: Cell::new(1), too_deep: Cell::new(None) };
        sink.add(no_name(), Vec::new(), String::new());
        sink
    }
}

fn no_name() -> QualName {
    QualName::new(None, ns!(), "".into())
}

impl Sink {
    fn add(&self, name: QualName, attributes: Vec<Attribute>, text: String) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, children: Vec::new(), name, attributes, text });
        nodes.len() - 1
    }

    /// # Errors
    /// When a bound was passed.
    fn check(&self) -> Result<(), Fault> {
        if let Some(line) = self.too_deep.get() {
            return Err(too_deep(usize::try_from(line).unwrap_or_default()));
        }
        if self.nodes.borrow().len() > MAX_NODES {
            let line = usize::try_from(self.line.get()).unwrap_or_default();
            let message = format!("has more than {MAX_NODES} elements and texts; split it");
            return Err(Fault { line, field: String::new(), message });
        }
        Ok(())
    }

    /// Puts a child at a position below a parent; a text next to a text joins it.
    fn insert(&self, parent: NodeId, position: usize, child: NodeOrText<NodeId>) {
        let mut nodes = self.nodes.borrow_mut();
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => {
                let before = position.checked_sub(1).and_then(|index| nodes[parent].children.get(index));
                if let Some(&before) = before
                    && !nodes[before].text.is_empty()
                {
                    nodes[before].text.push_str(&text);
                    return;
                }
                let text = text.to_string();
                nodes.push(Node {
                    parent: None,
                    children: Vec::new(),
                    name: no_name(),
                    attributes: Vec::new(),
                    text,
                });
                nodes.len() - 1
            }
        };
        nodes[child].parent = Some(parent);
        nodes[parent].children.insert(position, child);
        let mut depth = 0;
        let mut above = Some(parent);
        while let Some(node) = above {
            depth += 1;
            above = nodes[node].parent;
        }
        if depth > MAX_DEPTH && self.too_deep.get().is_none() {
            self.too_deep.set(Some(self.line.get()));
        }
    }

    /// Where a node stands below its parent; it is looked for from the end, where the parser works.
    fn position(&self, node: NodeId) -> Option<(NodeId, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes[node].parent?;
        let position = nodes[parent].children.iter().rposition(|&child| child == node)?;
        Some((parent, position))
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        Tree { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| &nodes[*target].name)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> NodeId {
        self.add(name, attributes, String::new())
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.add(no_name(), Vec::new(), String::new())
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.add(no_name(), Vec::new(), String::new())
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let position = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, position, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        // A template is left out as a whole, so its contents may lie right in it.
        *target
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(node) = &new_node {
            self.remove_from_parent(node);
        }
        if let Some((parent, position)) = self.position(*sibling) {
            self.insert(parent, position, new_node);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        let present = &mut nodes[*target].attributes;
        for attribute in attributes {
            if !present.iter().any(|other| other.name == attribute.name) {
                present.push(attribute);
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        if let Some((parent, position)) = self.position(*target) {
            let mut nodes = self.nodes.borrow_mut();
            nodes[parent].children.remove(position);
            nodes[*target].parent = None;
        }
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for &child in &children {
            nodes[child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(line);
    }
}
