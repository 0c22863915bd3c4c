//! Finds the content of a page among its navigation, header, footer, banners and advertisements.
//!
//! Pages that say where their content is (`main`, `article`, `itemprop="articleBody"`, the names that help
//! centres give it) are believed as long as the place holds a fair part of the text. On other pages the
//! content is the innermost element that holds most of the text that is no link.

use super::tree::{DOCUMENT, NodeId, Tree};

/// Part of the page's text that a place which says it is the content must hold.
const MIN_SHARE: f64 = 0.3;
/// Part of its group's text that the largest of several must hold to be the content alone.
const MIN_SHARE_OF_GROUP: f64 = 0.6;
/// Part of the text without links that the innermost element must hold on a page that says nothing.
const MIN_SHARE_INNERMOST: f64 = 0.85;
/// A block is taken for navigation when this part of its text is links …
const MAX_LINK_SHARE: f64 = 0.8;
/// … and there are this many of them.
const MIN_LINKS: usize = 3;

/// Words in the class or id of what is not content.
const BOILERPLATE: &[&str] = &[
    "ad",
    "ads",
    "advert",
    "advertisement",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "captcha",
    "chat",
    "comment",
    "comments",
    "consent",
    "cookie",
    "cookiebar",
    "cookiebanner",
    "cookies",
    "disqus",
    "feedback",
    "footer",
    "gdpr",
    "menu",
    "modal",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "pager",
    "pagination",
    "popup",
    "promo",
    "related",
    "share",
    "sharing",
    "sidebar",
    "sidenav",
    "signup",
    "skip",
    "social",
    "sponsor",
    "sponsored",
    "subscribe",
    "toc",
    "toolbar",
    "topbar",
    "vote",
    "votes",
];

/// What a page says, and where.
pub(super) struct Content<'a> {
    tree: &'a Tree,
    /// Where the content is.
    pub(super) root: NodeId,
    left_out: Vec<bool>,
}

/// Bytes of text of every node and all below it, and how many of them are in links.
struct Sizes {
    text: Vec<usize>,
    links: Vec<usize>,
    num_links: Vec<usize>,
}

impl<'a> Content<'a> {
    /// Finds the content of a whole page.
    pub(super) fn of_page(tree: &'a Tree) -> Self {
        let body = tree.find(DOCUMENT, "body").unwrap_or(DOCUMENT);
        let mut content = Self { tree, root: body, left_out: vec![false; tree.len()] };
        content.leave_out_by_element(body);
        let sizes = content.sizes(body);
        content.leave_out_by_name(body, &sizes);
        let sizes = content.sizes(body);
        match content.said(body, &sizes) {
            Some(root) => content.root = root,
            None => {
                content.root = content.innermost(body, &sizes);
                content.leave_out_links(&sizes);
            }
        }
        content
    }

    /// Takes everything below a node for content, as in the body of an article of an export.
    pub(super) fn below(tree: &'a Tree, root: NodeId) -> Self {
        Self { tree, root, left_out: vec![false; tree.len()] }
    }

    /// Whether a node is no content.
    pub(super) fn leaves_out(&self, node: NodeId) -> bool {
        self.left_out[node]
    }

    /// Leaves a node out, with all below it.
    pub(super) fn leave_out(&mut self, node: NodeId) {
        self.left_out[node] = true;
    }

    fn leave_out_by_element(&mut self, body: NodeId) {
        for node in self.tree.below(body) {
            let role = self.tree.attribute(node, "role");
            let is_boilerplate = match self.tree.name(node) {
                "script" | "style" | "noscript" | "template" | "nav" | "header" | "footer" | "aside"
                | "svg" | "iframe" | "button" | "select" | "textarea" | "dialog" => true,
                "i" | "span" => self.tree.attribute(node, "aria-hidden") == "true",
                _ => false,
            };
            self.left_out[node] = is_boilerplate
                || matches!(
                    role,
                    "navigation"
                        | "banner"
                        | "contentinfo"
                        | "search"
                        | "complementary"
                        | "dialog"
                        | "alertdialog"
                        | "menu"
                        | "menubar"
                        | "toolbar"
                );
        }
    }

    /// Leaves out what its class or id says is no content, unless it holds most of the text: a class
    /// such as `has-sidebar` around everything says nothing.
    fn leave_out_by_name(&mut self, body: NodeId, sizes: &Sizes) {
        for node in self.tree.below(body) {
            let name = self.tree.name(node);
            if node == body
                || matches!(name, "" | "main" | "article" | "h1" | "table" | "tr" | "td" | "tbody")
            {
                continue;
            }
            let is_named = ["class", "id"].iter().any(|attribute| {
                words(self.tree.attribute(node, attribute)).any(|word| BOILERPLATE.contains(&word.as_str()))
            });
            if is_named && sizes.text[node] * 2 <= sizes.text[body] {
                self.left_out[node] = true;
            }
        }
    }

    /// Sizes without what is left out; a node is always summed after all below it.
    fn sizes(&self, body: NodeId) -> Sizes {
        let length = self.tree.len();
        let mut sizes = Sizes { text: vec![0; length], links: vec![0; length], num_links: vec![0; length] };
        let order: Vec<NodeId> = self.tree.below(body).collect();
        for &node in order.iter().rev() {
            if self.left_out[node] {
                continue;
            }
            let mut num_bytes: usize = self.tree.text(node).split_whitespace().map(str::len).sum();
            let (mut links, mut num_links) = (0, 0);
            for &child in self.tree.children(node) {
                num_bytes += sizes.text[child];
                links += sizes.links[child];
                num_links += sizes.num_links[child];
            }
            if self.tree.name(node) == "a" {
                (links, num_links) = (num_bytes, 1);
            }
            (sizes.text[node], sizes.links[node], sizes.num_links[node]) = (num_bytes, links, num_links);
        }
        sizes
    }

    /// The element that says it holds the content.
    fn said(&self, body: NodeId, sizes: &Sizes) -> Option<NodeId> {
        let seen: Vec<NodeId> =
            self.visible(body).into_iter().filter(|&node| !self.tree.name(node).is_empty()).collect();
        let groups: [&dyn Fn(NodeId) -> bool; 5] = [
            &|node| self.tree.attribute(node, "itemprop") == "articleBody",
            &|node| {
                self.tree.attribute(node, "class").split_whitespace().any(|class| {
                    matches!(
                        class,
                        "article-body"
                            | "article__body"
                            | "article-content"
                            | "post-content"
                            | "entry-content"
                            | "markdown-body"
                            | "wiki-content"
                            | "article_body"
                    )
                })
            },
            &|node| self.tree.name(node) == "article",
            &|node| self.tree.name(node) == "main" || self.tree.attribute(node, "role") == "main",
            &|node| {
                matches!(
                    self.tree.attribute(node, "id"),
                    "main" | "main-content" | "content" | "page-content"
                )
            },
        ];
        groups.iter().find_map(|belongs| {
            let group: Vec<NodeId> = seen.iter().copied().filter(|&node| belongs(node)).collect();
            let all: usize = group.iter().map(|&node| sizes.text[node]).sum();
            let largest = group.into_iter().max_by_key(|&node| sizes.text[node])?;
            let size = sizes.text[largest];
            let is_content = size > 0
                && size as f64 >= MIN_SHARE * sizes.text[body] as f64
                && size as f64 >= MIN_SHARE_OF_GROUP * all as f64;
            is_content.then_some(largest)
        })
    }

    /// The nodes below the body that are not within something left out.
    fn visible(&self, body: NodeId) -> Vec<NodeId> {
        let mut seen = Vec::new();
        let mut open = vec![body];
        while let Some(node) = open.pop() {
            if !self.left_out[node] {
                seen.push(node);
                open.extend(self.tree.children(node).iter().rev());
            }
        }
        seen
    }

    fn innermost(&self, body: NodeId, sizes: &Sizes) -> NodeId {
        let own = |node: NodeId| sizes.text[node] - sizes.links[node].min(sizes.text[node]);
        let all = own(body) as f64;
        let mut innermost = body;
        loop {
            let next = self.tree.children(innermost).iter().copied().max_by_key(|&child| own(child));
            match next {
                Some(next)
                    if own(next) > 0
                        && own(next) as f64 >= MIN_SHARE_INNERMOST * all
                        && holds_blocks(self.tree.name(next)) =>
                {
                    innermost = next;
                }
                _ => return innermost,
            }
        }
    }

    /// Leaves out blocks that are links and hardly anything else.
    fn leave_out_links(&mut self, sizes: &Sizes) {
        for node in self.tree.below(self.root).skip(1) {
            let is_block =
                matches!(self.tree.name(node), "ul" | "ol" | "div" | "section" | "td" | "p" | "table");
            let is_links = sizes.num_links[node] >= MIN_LINKS
                && sizes.links[node] as f64 >= MAX_LINK_SHARE * sizes.text[node] as f64;
            if is_block && is_links {
                self.left_out[node] = true;
            }
        }
    }
}

/// Whether the content may be all within an element of this name.
fn holds_blocks(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "main"
            | "article"
            | "form"
            | "center"
            | "table"
            | "tbody"
            | "tr"
            | "td"
            | "span"
            | "font"
    )
}

/// The words of a class or an id: `siteFooter_top` gives `site`, `footer` and `top`.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut split = String::with_capacity(name.len() + 8);
    let mut after_lower = false;
    for character in name.chars().take(1000) {
        if character.is_ascii_uppercase() && after_lower {
            split.push(' ');
        }
        after_lower = character.is_ascii_lowercase();
        split.push(if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { ' ' });
    }
    split.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
}
