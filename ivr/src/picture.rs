//! A script as a picture: one box a node, its ways as rows, a column for each step from the beginning.
//!
//! A way to the next columns is a line; a way back, or to a node that many lead to, is only named in
//! its row: such lines would cross the whole picture and tell nothing.

mod layout;

use std::fmt::Write as _;

use self::layout::{Box, Layout, ROW_PX, TEXT_PX, WIDTH_PX};
use crate::coverage::Coverage;
use crate::script::{Node, NodeKind, Script};

/// Letters of a line of text in a box.
const LINE_LETTERS: usize = 40;
/// Lines of a node's text that are shown.
const LINES_MAX: usize = 3;
/// Room around the picture, in pixels.
const MARGIN_PX: usize = 40;
/// Height of a box's head, in pixels.
const HEAD_PX: usize = 30;

const STYLE: &str = "
svg { background: #fff; font: 13px/1.3 system-ui, 'DejaVu Sans', sans-serif; }
.box { fill: #fff; stroke: #9aa4b2; stroke-width: 1.2; }
.head { fill: #eef1f6; }
.asks .head { fill: #dbeafe; }
.does .head { fill: #fde9c8; }
.ends .head { fill: #d9f2df; }
.person .head { fill: #f3dcf5; }
.missed .box { stroke: #c2261c; stroke-width: 2; stroke-dasharray: 6 4; }
.name { font-weight: 650; fill: #1b2430; }
.kind { fill: #5b6675; }
.text { fill: #3a4452; }
.way { fill: #1b2430; }
.to { fill: #5b6675; }
.missed-way { fill: #c2261c; }
.line { fill: none; stroke: #9aa4b2; stroke-width: 1.3; }
.title { font-size: 22px; font-weight: 650; fill: #1b2430; }
.legend { fill: #5b6675; }
";

/// The picture, as SVG. With a coverage, what no golden conversation walks is marked.
#[must_use]
pub fn svg(script: &Script, coverage: Option<&Coverage>) -> String {
    let sized = |node: &Node| HEAD_PX + lines_of(node).len() * TEXT_PX + rows_px(node) + 10;
    let layout = Layout::of(script, sized);
    let (width, height) = (
        layout.width_px + 2 * MARGIN_PX,
        layout.height_px + 2 * MARGIN_PX + 50,
    );
    let mut out = String::new();
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title desc">"#
    );
    let title = escaped(&script.title);
    let _ = writeln!(out, r#"<title id="title">{title}</title>"#);
    let _ = writeln!(
        out,
        r#"<desc id="desc">Сценарий {}, версия {}: узлов {}. Столбцы — шаги от начала.</desc>"#,
        escaped(script.id.as_str()),
        escaped(&script.version),
        script.nodes().count()
    );
    let _ = writeln!(out, "<style>{STYLE}</style>");
    let _ = writeln!(
        out,
        r#"<text class="title" x="{MARGIN_PX}" y="44">{title}</text><text class="legend" x="{MARGIN_PX}" y="66">{} · версия {}{}</text>"#,
        escaped(script.id.as_str()),
        escaped(&script.version),
        coverage.map_or(String::new(), |c| format!(" · {}", escaped(&c.to_string())))
    );
    let _ = writeln!(
        out,
        r#"<g transform="translate({MARGIN_PX} {})">"#,
        MARGIN_PX + 50
    );
    for node in script.nodes() {
        if let Some(place) = layout.boxes.get(&node.name) {
            lines(&mut out, node, place, &layout);
        }
    }
    for node in script.nodes() {
        if let Some(place) = layout.boxes.get(&node.name) {
            draw(&mut out, node, place, coverage);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn draw(out: &mut String, node: &Node, place: &Box, coverage: Option<&Coverage>) {
    let missed = coverage.is_some_and(|c| c.nodes.get(&node.name) == Some(&false));
    let class = format!(
        "{}{}",
        class(&node.kind),
        if missed { " missed" } else { "" }
    );
    let (x, y, height) = (place.x_px, place.y_px, place.height_px);
    let _ = writeln!(
        out,
        r#"<g class="{class}" id="node-{}" transform="translate({x} {y})"><title>{}</title>"#,
        escaped(&node.name),
        escaped(&node.prompt.to_string())
    );
    let _ = writeln!(
        out,
        r#"<rect class="box" width="{WIDTH_PX}" height="{height}" rx="7"/><rect class="head" x="1" y="1" width="{}" height="{HEAD_PX}" rx="6"/><text class="name" x="10" y="20">{}</text><text class="kind" x="{}" y="20" text-anchor="end">{}</text>"#,
        WIDTH_PX - 2,
        escaped(&node.name),
        WIDTH_PX - 10,
        kind(&node.kind)
    );
    let mut line_y = HEAD_PX + TEXT_PX;
    for line in lines_of(node) {
        let _ = writeln!(
            out,
            r#"<text class="text" x="10" y="{line_y}">{}</text>"#,
            escaped(&line)
        );
        line_y += TEXT_PX;
    }
    for (way, to) in node.kind.ways() {
        let met = coverage.and_then(|c| c.ways.get(&(node.name.clone(), to.clone())));
        let class = if met == Some(&false) {
            "missed-way"
        } else {
            "way"
        };
        let told = way_told(&node.kind, &way);
        let _ = writeln!(
            out,
            r#"<text class="{class}" x="10" y="{line_y}">{}</text><text class="to" x="{}" y="{line_y}" text-anchor="end">→ {}</text>"#,
            escaped(&cut(&told, 26)),
            WIDTH_PX - 10,
            escaped(&cut(&to, 24))
        );
        line_y += ROW_PX;
    }
    out.push_str("</g>\n");
}

fn lines(out: &mut String, node: &Node, place: &Box, layout: &Layout) {
    let first = HEAD_PX + lines_of(node).len() * TEXT_PX + TEXT_PX - 4;
    for (row, (_, to)) in node.kind.ways().into_iter().enumerate() {
        let Some(target) = layout.drawn(&node.name, &to) else {
            continue;
        };
        let (x1, y1) = (place.x_px + WIDTH_PX, place.y_px + first + row * ROW_PX);
        let (x2, y2) = (target.x_px, target.y_px + HEAD_PX / 2);
        let bend = (x2.saturating_sub(x1) / 2).max(20);
        let _ = writeln!(
            out,
            r#"<path class="line" d="M{x1} {y1} C{} {y1} {} {y2} {x2} {y2}"/>"#,
            x1 + bend,
            x2.saturating_sub(bend)
        );
    }
}

/// A way as people name it: the option's words, the outcome, the condition's number.
fn way_told(kind: &NodeKind, way: &str) -> String {
    if let Some(question) = kind.question() {
        let option = question.options.iter().find(|o| o.key.to_string() == way);
        let words = option.and_then(|o| o.all_phrases().next());
        return words.map_or_else(|| way.to_owned(), |words| format!("{way} · {words}"));
    }
    let told = match way {
        "next" => "дальше",
        "more" => "другие",
        "by_keys" => "9 · клавишами",
        "otherwise" => "иначе",
        "call" => "часть",
        "done" => "сделано",
        "none" => "ничего нет",
        "not_found" => "не найдено",
        "taken" => "уже занято",
        "refused" => "отказано",
        "unavailable" => "недоступно",
        number if matches!(kind, NodeKind::If(_)) => return format!("условие {number}"),
        other => other,
    };
    told.to_owned()
}

const fn class(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Question(_) | NodeKind::Ask(_) | NodeKind::Pick(_) | NodeKind::Dictate(_) => {
            "asks"
        }
        NodeKind::Task(_) | NodeKind::If(_) | NodeKind::Set(_) | NodeKind::Call(_) => "does",
        NodeKind::Handover { .. } => "person",
        NodeKind::Finish { .. } | NodeKind::Return { .. } => "ends",
        NodeKind::Say { .. } | NodeKind::Answer { .. } => "says",
    }
}

const fn kind(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Say { .. } => "говорит",
        NodeKind::Answer { .. } => "ответ из базы знаний",
        NodeKind::Question(_) => "вопрос",
        NodeKind::Ask(_) => "значение",
        NodeKind::Pick(_) => "выбор",
        NodeKind::Dictate(_) => "диктовка",
        NodeKind::Task(_) => "задача",
        NodeKind::If(_) => "условие",
        NodeKind::Set(_) => "присвоение",
        NodeKind::Call(_) => "часть",
        NodeKind::Return { .. } => "возврат",
        NodeKind::Handover { .. } => "к сотруднику",
        NodeKind::Finish { .. } => "конец",
    }
}

fn rows_px(node: &Node) -> usize {
    node.kind.ways().len() * ROW_PX
}

/// The node's text in lines, cut short.
fn lines_of(node: &Node) -> Vec<String> {
    let text = node.prompt.to_string();
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LINE_LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    if lines.len() > LINES_MAX {
        lines.truncate(LINES_MAX);
        if let Some(last) = lines.last_mut() {
            last.push_str(" …");
        }
    }
    lines
}

fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(letters - 1).collect();
    format!("{}…", kept.trim_end())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
