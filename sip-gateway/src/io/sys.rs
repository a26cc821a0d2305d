//! The four things of Linux that std does not offer: epoll, timerfd, eventfd, and recvmmsg with the
//! kernel's arrival times. All `unsafe` of the crate is on this page.
#![expect(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::io;
use std::mem::{MaybeUninit, size_of, zeroed};
use std::net::{Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use crate::media::rtp::MAX_PACKET;

/// Datagrams taken with one system call.
pub(super) const BATCH: usize = 8;

/// Ready descriptors taken with one system call.
const READY: usize = 512;

/// Room for one timestamp: a header of 16 octets and a timespec of 16, aligned to 8.
const CONTROL: usize = 8;

/// Raises the process's limit of open descriptors as far as the system allows and gives it. A leg
/// takes two descriptors, a stream one: 10 000 calls need about 45 000.
///
/// # Errors
/// When the system refuses; the limit is unchanged then.
pub fn raise_descriptor_limit() -> io::Result<u64> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the kernel fills the struct, which outlives the call.
    done(unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) })?;
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: the kernel reads the struct, which outlives the call.
    done(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) })?;
    Ok(limit.rlim_cur)
}

fn owned(fd: libc::c_int) -> io::Result<OwnedFd> {
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel just gave us this descriptor and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

fn done(result: libc::c_int) -> io::Result<()> {
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn size<T>() -> libc::socklen_t {
    libc::socklen_t::try_from(size_of::<T>()).unwrap_or(0)
}

/// A level-triggered epoll set for reading.
pub(super) struct Poller {
    fd: OwnedFd,
    ready: Vec<libc::epoll_event>,
}

impl Poller {
    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: takes no pointer.
        let fd = owned(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) })?;
        Ok(Self {
            fd,
            ready: vec![libc::epoll_event { events: 0, u64: 0 }; READY],
        })
    }

    pub(super) fn add(&self, what: &impl AsRawFd, token: u64) -> io::Result<()> {
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN.unsigned_abs(),
            u64: token,
        };
        // SAFETY: both descriptors are open; the kernel copies the event before it returns.
        done(unsafe {
            libc::epoll_ctl(
                self.fd.as_raw_fd(),
                libc::EPOLL_CTL_ADD,
                what.as_raw_fd(),
                &raw mut event,
            )
        })
    }

    pub(super) fn remove(&self, what: &impl AsRawFd) -> io::Result<()> {
        // SAFETY: both descriptors are open; deleting takes no event.
        done(unsafe {
            libc::epoll_ctl(
                self.fd.as_raw_fd(),
                libc::EPOLL_CTL_DEL,
                what.as_raw_fd(),
                std::ptr::null_mut(),
            )
        })
    }

    /// Waits for at most `timeout_ms` (-1: for ever) and gives the ready tokens.
    pub(super) fn wait(&mut self, timeout_ms: i32, tokens: &mut Vec<u64>) -> io::Result<()> {
        tokens.clear();
        let most = libc::c_int::try_from(self.ready.len()).unwrap_or(1);
        // SAFETY: the kernel writes at most `most` events, which is the buffer's length.
        let found = unsafe {
            libc::epoll_wait(
                self.fd.as_raw_fd(),
                self.ready.as_mut_ptr(),
                most,
                timeout_ms,
            )
        };
        match usize::try_from(found) {
            Ok(found) => tokens.extend(self.ready.iter().take(found).map(|e| e.u64)),
            Err(_) => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

/// A timer on absolute deadlines of the monotonic clock: no drift, and missed ones are counted.
pub(super) struct Ticker(OwnedFd);

impl Ticker {
    pub(super) fn new(interval: Duration) -> io::Result<Self> {
        // SAFETY: takes no pointer.
        let fd = owned(unsafe {
            libc::timerfd_create(
                libc::CLOCK_MONOTONIC,
                libc::TFD_NONBLOCK | libc::TFD_CLOEXEC,
            )
        })?;
        let every = libc::timespec {
            tv_sec: interval.as_secs().try_into().unwrap_or(0),
            tv_nsec: interval.subsec_nanos().into(),
        };
        let spec = libc::itimerspec {
            it_interval: every,
            it_value: every,
        };
        // SAFETY: the descriptor is a timer; the spec outlives the call; no old value is wanted.
        done(unsafe {
            libc::timerfd_settime(fd.as_raw_fd(), 0, &raw const spec, std::ptr::null_mut())
        })?;
        Ok(Self(fd))
    }

    /// Deadlines that passed since the last call.
    pub(super) fn passed(&self) -> u64 {
        read_count(&self.0)
    }
}

impl AsRawFd for Ticker {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        self.0.as_raw_fd()
    }
}

/// Wakes a poller from another thread.
pub(super) struct Waker(OwnedFd);

impl Waker {
    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: takes no pointer.
        let fd = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
        Ok(Self(owned(fd)?))
    }

    pub(super) fn wake(&self) {
        // SAFETY: the descriptor is an eventfd. It only fails when the count is full, and then the
        // poller is awake anyway.
        unsafe { libc::eventfd_write(self.0.as_raw_fd(), 1) };
    }

    pub(super) fn clear(&self) {
        read_count(&self.0);
    }
}

impl AsRawFd for Waker {
    fn as_raw_fd(&self) -> std::os::fd::RawFd {
        self.0.as_raw_fd()
    }
}

fn read_count(fd: &OwnedFd) -> u64 {
    let mut count = 0_u64;
    // SAFETY: timerfd and eventfd read exactly 8 octets into a u64.
    let read = unsafe { libc::read(fd.as_raw_fd(), (&raw mut count).cast(), size_of::<u64>()) };
    if read == 8 { count } else { 0 }
}

/// Asks the kernel to note when datagrams arrive.
pub(super) fn stamp_arrivals(socket: &UdpSocket) -> io::Result<()> {
    let on: libc::c_int = 1;
    // SAFETY: the option takes an int, and it outlives the call.
    done(unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPNS,
            (&raw const on).cast(),
            size::<libc::c_int>(),
        )
    })
}

/// Buffers for datagrams taken together.
pub(super) struct Batch {
    octets: Box<[[u8; MAX_PACKET]; BATCH]>,
    control: [[u64; CONTROL]; BATCH],
    sources: [libc::sockaddr_storage; BATCH],
    taken: [Taken; BATCH],
}

/// One datagram of a batch.
#[derive(Clone, Copy, Default)]
struct Taken {
    len: usize,
    source: Option<SocketAddr>,
    wall_us: u64,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self {
            octets: Box::new([[0; MAX_PACKET]; BATCH]),
            control: [[0; CONTROL]; BATCH],
            // SAFETY: all zeros is a valid sockaddr_storage (family AF_UNSPEC).
            sources: [unsafe { zeroed() }; BATCH],
            taken: [Taken::default(); BATCH],
        }
    }

    /// Takes what waits on a non-blocking socket, at most [`BATCH`]; 0 if nothing does.
    pub(super) fn receive(&mut self, socket: &UdpSocket) -> usize {
        let mut parts = [MaybeUninit::<libc::iovec>::uninit(); BATCH];
        // SAFETY: all zeros is a valid mmsghdr: null pointers with zero lengths.
        let mut headers: [libc::mmsghdr; BATCH] = unsafe { zeroed() };
        let buffers = self.octets.iter_mut().zip(&mut self.control);
        let places = headers.iter_mut().zip(&mut parts).zip(&mut self.sources);
        for ((octets, control), ((header, part), source)) in buffers.zip(places) {
            let part = part.write(libc::iovec {
                iov_base: octets.as_mut_ptr().cast(),
                iov_len: octets.len(),
            });
            header.msg_hdr.msg_iov = part;
            header.msg_hdr.msg_iovlen = 1;
            header.msg_hdr.msg_name = (source as *mut libc::sockaddr_storage).cast();
            header.msg_hdr.msg_namelen = size::<libc::sockaddr_storage>();
            header.msg_hdr.msg_control = control.as_mut_ptr().cast();
            header.msg_hdr.msg_controllen = size_of::<[u64; CONTROL]>();
        }
        let most = libc::c_uint::try_from(BATCH).unwrap_or(1);
        // SAFETY: every header points at its own part, buffer, source and control, all of which
        // live until the end of this function and have the lengths given.
        let found = unsafe {
            libc::recvmmsg(
                socket.as_raw_fd(),
                headers.as_mut_ptr(),
                most,
                libc::MSG_DONTWAIT,
                std::ptr::null_mut(),
            )
        };
        let found = usize::try_from(found).unwrap_or(0);
        let results = headers.iter().zip(&self.sources).zip(&mut self.taken);
        for ((header, source), taken) in results.take(found) {
            let cut = header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0;
            *taken = Taken {
                len: if cut { 0 } else { header.msg_len as usize },
                source: address(source),
                wall_us: arrival(&header.msg_hdr).unwrap_or(0),
            };
        }
        found
    }

    /// One datagram of the last [`Self::receive`]: source, octets, the wall clock's microseconds
    /// when it arrived (0: unknown). None if it was too long for a buffer.
    pub(super) fn datagram(&self, index: usize) -> Option<(SocketAddr, &[u8], u64)> {
        let taken = self.taken.get(index)?;
        let octets = self.octets.get(index)?.get(..taken.len)?;
        Some((taken.source?, octets, taken.wall_us)).filter(|_| taken.len > 0)
    }
}

fn address(storage: &libc::sockaddr_storage) -> Option<SocketAddr> {
    let from = &raw const *storage;
    match libc::c_int::from(storage.ss_family) {
        libc::AF_INET => {
            // SAFETY: the family says so, and a storage is large and aligned enough for each kind.
            let v4 = unsafe { &*from.cast::<libc::sockaddr_in>() };
            let ip = u32::from_be(v4.sin_addr.s_addr).to_be_bytes();
            Some(SocketAddr::from((ip, u16::from_be(v4.sin_port))))
        }
        libc::AF_INET6 => {
            // SAFETY: as above.
            let v6 = unsafe { &*from.cast::<libc::sockaddr_in6>() };
            let ip = Ipv6Addr::from(v6.sin6_addr.s6_addr);
            Some(SocketAddr::from((ip, u16::from_be(v6.sin6_port))))
        }
        _ => None,
    }
}

fn arrival(header: &libc::msghdr) -> Option<u64> {
    // SAFETY: the kernel filled control and its length; CMSG_FIRSTHDR checks that one fits.
    let first = unsafe { libc::CMSG_FIRSTHDR(header).as_ref() }?;
    if first.cmsg_level != libc::SOL_SOCKET || first.cmsg_type != libc::SCM_TIMESTAMPNS {
        return None;
    }
    // SAFETY: this type of message carries a timespec; reading it unaligned asks for nothing more.
    let at = unsafe {
        libc::CMSG_DATA(first)
            .cast::<libc::timespec>()
            .read_unaligned()
    };
    let us = u64::try_from(at.tv_nsec).ok()? / 1_000;
    Some(u64::try_from(at.tv_sec).ok()? * 1_000_000 + us)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_come_with_source_and_arrival() {
        for any in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(ours) = UdpSocket::bind(any) else {
                continue;
            };
            stamp_arrivals(&ours).unwrap();
            let theirs = UdpSocket::bind(any).unwrap();
            let to = ours.local_addr().unwrap();
            theirs.send_to(b"one", to).unwrap();
            theirs.send_to(&[7; 4_000], to).unwrap();
            theirs.send_to(b"three", to).unwrap();

            let mut poller = Poller::new().unwrap();
            poller.add(&ours, 42).unwrap();
            let mut tokens = Vec::new();
            poller.wait(5_000, &mut tokens).unwrap();
            assert_eq!(tokens, [42]);

            let mut batch = Batch::new();
            assert_eq!(batch.receive(&ours), 3);
            let (source, octets, wall_us) = batch.datagram(0).unwrap();
            assert_eq!(
                (source, octets),
                (theirs.local_addr().unwrap(), &b"one"[..])
            );
            assert!(wall_us > 1_600_000_000_000_000);
            assert!(batch.datagram(1).is_none(), "too long");
            assert_eq!(batch.datagram(2).unwrap().1, b"three");
            assert_eq!(batch.receive(&ours), 0);
            poller.remove(&ours).unwrap();
        }
    }

    #[test]
    fn the_descriptor_limit_goes_up_to_the_hard_limit() {
        let raised = raise_descriptor_limit().unwrap();
        assert!(raised >= 256);
        assert_eq!(raise_descriptor_limit().unwrap(), raised);
    }

    #[test]
    fn a_waker_wakes_and_a_ticker_counts() {
        let mut poller = Poller::new().unwrap();
        let (waker, ticker) = (Waker::new().unwrap(), Ticker::new(Duration::from_millis(2)));
        let ticker = ticker.unwrap();
        poller.add(&waker, 1).unwrap();
        waker.wake();
        waker.wake();
        let mut tokens = Vec::new();
        poller.wait(-1, &mut tokens).unwrap();
        assert_eq!(tokens, [1]);
        waker.clear();
        poller.add(&ticker, 2).unwrap();
        poller.wait(5_000, &mut tokens).unwrap();
        assert_eq!(tokens, [2]);
        assert!(ticker.passed() >= 1);
    }
}
