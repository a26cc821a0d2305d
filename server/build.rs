//! The console is embedded from `console/dist`. If nobody has built it, a page that says how stands
//! in its place, so that the workspace builds without Node.

use std::path::Path;

const NOT_BUILT: &str = r#"<!doctype html>
<html lang="ru">
<meta charset="utf-8">
<title>Линия</title>
<h1>Рабочее место не собрано</h1>
<p>Телефония и API работают. Чтобы собрать рабочее место оператора, выполните
<code>make console</code> и соберите службу заново: <code>make build</code>. Нужен Node 20 или новее.</p>
</html>
"#;

fn main() -> std::io::Result<()> {
    let dist = Path::new("console/dist");
    let page = dist.join("index.html");
    if !page.exists() {
        std::fs::create_dir_all(dist)?;
        std::fs::write(&page, NOT_BUILT)?;
    }
    println!("cargo::rerun-if-changed=console/dist");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
