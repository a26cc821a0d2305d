//! Where the real libvosk is: two calls into the shim that `build.rs` makes.
#![expect(
    unsafe_code,
    reason = "the only two foreign calls of this crate; the rest is the vosk crate's"
)]

use std::ffi::{CStr, CString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

// SAFETY: the signatures are those of the C text in `build.rs`.
unsafe extern "C" {
    /// Copies the path; no effect once the library is open.
    fn liniya_vosk_set_path(path: *const c_char) -> c_int;
    /// Opens the library once for the process; 1 if it is open.
    safe fn liniya_vosk_load() -> c_int;
    /// What the loader said, empty if nothing; never null, written only while loading.
    safe fn liniya_vosk_problem() -> *const c_char;
}

/// Opens libvosk: from `path`, else from `LINIYA_VOSK_LIBRARY`, else by the loader's own search. The
/// first call of the process decides; later ones return what it found.
///
/// # Errors
/// What the system's loader said.
pub(super) fn load(path: Option<&Path>) -> Result<(), String> {
    if let Some(path) = path {
        let path = CString::new(path.as_os_str().as_bytes())
            .map_err(|_| "the path holds a zero byte".to_owned())?;
        // SAFETY: `path` is a C string that lives through the call; the callee copies it under a lock.
        unsafe { liniya_vosk_set_path(path.as_ptr()) };
    }
    if liniya_vosk_load() == 1 {
        return Ok(());
    }
    // SAFETY: a static buffer with a terminating zero; loading is over (`pthread_once` returned), so
    // nobody writes it any more.
    let problem = unsafe { CStr::from_ptr(liniya_vosk_problem()) };
    Err(problem.to_string_lossy().into_owned())
}
