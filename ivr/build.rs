//! Builds a small static `libvosk.a`, so that the workspace compiles and the server starts on a
//! machine without the real libvosk.
//!
//! The crate `vosk-sys` asks the linker for `-lvosk`. The archive made here answers with one
//! trampoline for each function which `vosk-sys` 0.2.0 declares. The first call of any of them opens
//! the real library with `dlopen`, once for the process (`pthread_once`). Where it is missing, or
//! lacks a function, the trampoline returns zero: constructors return NULL and the `vosk` crate
//! turns that into `None`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

/// What a function returns, as C text.
const POINTER: &str = "void *";
const TEXT: &str = "const char *";
const NUMBER: &str = "int";
const NOTHING: &str = "void";

/// Result, name without `vosk_`, parameters: as `vosk-sys` 0.2.0 declares them.
const FUNCTIONS: &[(&str, &str, &[&str])] = &[
    (POINTER, "model_new", &[TEXT]),
    (NOTHING, "model_free", &[POINTER]),
    (NUMBER, "model_find_word", &[POINTER, TEXT]),
    (POINTER, "spk_model_new", &[TEXT]),
    (NOTHING, "spk_model_free", &[POINTER]),
    (POINTER, "recognizer_new", &[POINTER, "float"]),
    (POINTER, "recognizer_new_spk", &[POINTER, "float", POINTER]),
    (POINTER, "recognizer_new_grm", &[POINTER, "float", TEXT]),
    (NOTHING, "recognizer_set_spk_model", &[POINTER, POINTER]),
    (
        NOTHING,
        "recognizer_set_max_alternatives",
        &[POINTER, NUMBER],
    ),
    (NOTHING, "recognizer_set_words", &[POINTER, NUMBER]),
    (NOTHING, "recognizer_set_partial_words", &[POINTER, NUMBER]),
    (NOTHING, "recognizer_set_nlsml", &[POINTER, NUMBER]),
    (
        NUMBER,
        "recognizer_accept_waveform",
        &[POINTER, TEXT, NUMBER],
    ),
    (
        NUMBER,
        "recognizer_accept_waveform_s",
        &[POINTER, "const short *", NUMBER],
    ),
    (
        NUMBER,
        "recognizer_accept_waveform_f",
        &[POINTER, "const float *", NUMBER],
    ),
    (TEXT, "recognizer_result", &[POINTER]),
    (TEXT, "recognizer_partial_result", &[POINTER]),
    (TEXT, "recognizer_final_result", &[POINTER]),
    (NOTHING, "recognizer_reset", &[POINTER]),
    (NOTHING, "recognizer_free", &[POINTER]),
    (NOTHING, "set_log_level", &[NUMBER]),
    (NOTHING, "gpu_init", &[]),
    (NOTHING, "gpu_thread_init", &[]),
    (POINTER, "batch_model_new", &[TEXT]),
    (NOTHING, "batch_model_free", &[POINTER]),
    (NOTHING, "batch_model_wait", &[POINTER]),
    (POINTER, "batch_recognizer_new", &[POINTER, "float"]),
    (NOTHING, "batch_recognizer_free", &[POINTER]),
    (
        NOTHING,
        "batch_recognizer_accept_waveform",
        &[POINTER, TEXT, NUMBER],
    ),
    (NOTHING, "batch_recognizer_set_nlsml", &[POINTER, NUMBER]),
    (NOTHING, "batch_recognizer_finish_stream", &[POINTER]),
    (TEXT, "batch_recognizer_front_result", &[POINTER]),
    (NOTHING, "batch_recognizer_pop", &[POINTER]),
    (NUMBER, "batch_recognizer_get_pending_chunks", &[POINTER]),
];

/// The part that does not depend on the list: where the library is, and opening it once.
///
/// `liniya_vosk_set_path` copies the path; it has no effect after the first use. Without it the
/// environment variable `LINIYA_VOSK_LIBRARY` names the file, else the loader's own search does.
const LOADER: &str = r#"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t path_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char path[4096];
static char problem[4200];
static int loaded;

static void open_library(void) {
    char wanted[sizeof path];
    const char *from_environment = getenv("LINIYA_VOSK_LIBRARY");
    pthread_mutex_lock(&path_lock);
    if (path[0] == 0)
        snprintf(path, sizeof path, "%s",
                 from_environment && from_environment[0] ? from_environment : "libvosk.so");
    memcpy(wanted, path, sizeof wanted);
    pthread_mutex_unlock(&path_lock);
    void *library = dlopen(wanted, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *why = dlerror();
        snprintf(problem, sizeof problem, "%s", why ? why : wanted);
        return;
    }
    resolve_all(library);
    loaded = 1;
}

int liniya_vosk_set_path(const char *wanted) {
    size_t length = wanted ? strlen(wanted) : 0;
    if (length == 0 || length >= sizeof path)
        return 0;
    pthread_mutex_lock(&path_lock);
    memcpy(path, wanted, length + 1);
    pthread_mutex_unlock(&path_lock);
    return 1;
}

int liniya_vosk_load(void) {
    pthread_once(&once, open_library);
    return loaded;
}

const char *liniya_vosk_problem(void) {
    return problem;
}
"#;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set by cargo")?);
    let source = out.join("vosk_shim.c");
    std::fs::write(&source, shim()?)?;
    cc::Build::new()
        .file(&source)
        .warnings(true)
        .try_compile("vosk")?;
    println!("cargo::rustc-link-lib=dylib=dl");
    println!("cargo::rustc-link-lib=dylib=pthread");
    Ok(())
}

/// The whole C file.
fn shim() -> Result<String, std::fmt::Error> {
    let mut declarations = String::from("/* Made by build.rs. */\n");
    let mut resolve = String::from("static void resolve_all(void *library) {\n");
    let mut trampolines = String::new();
    for (result, name, parameters) in FUNCTIONS {
        let types = if parameters.is_empty() {
            "void".to_owned()
        } else {
            parameters.join(", ")
        };
        let named = named(parameters);
        let passed: Vec<String> = (0..parameters.len()).map(|i| format!("a{i}")).collect();
        let passed = passed.join(", ");
        writeln!(declarations, "static {result} (*real_{name})({types});")?;
        // POSIX's own way to turn dlsym's object pointer into a function pointer.
        writeln!(
            resolve,
            "    *(void **)&real_{name} = dlsym(library, \"vosk_{name}\");"
        )?;
        writeln!(trampolines, "\n{result} vosk_{name}({named}) {{")?;
        writeln!(trampolines, "    pthread_once(&once, open_library);")?;
        if *result == NOTHING {
            writeln!(trampolines, "    if (real_{name}) real_{name}({passed});")?;
        } else {
            writeln!(
                trampolines,
                "    return real_{name} ? real_{name}({passed}) : 0;"
            )?;
        }
        writeln!(trampolines, "}}")?;
    }
    resolve.push_str("}\n");
    let resolve = format!("#include <dlfcn.h>\n{declarations}{resolve}");
    Ok(format!(
        "#define _GNU_SOURCE\n{resolve}{LOADER}{trampolines}"
    ))
}

/// `int a0, float a1`, or `void`.
fn named(parameters: &[&str]) -> String {
    if parameters.is_empty() {
        return "void".to_owned();
    }
    let named: Vec<String> = parameters
        .iter()
        .enumerate()
        .map(|(i, kind)| format!("{kind} a{i}"))
        .collect();
    named.join(", ")
}
