/**
 * Packages of Ubuntu 24.04 LTS as a machine has them before any charm is there.
 * Source: docs/ubuntu-24.04.md and ubuntu-debug-24.04.md of github.com/cybozu/ubuntu-base (base system), and public
 * listings of Ubuntu server machines of 2025 (`apt list --installed`) for the server's own packages.
 * Not modelled: what else a cloud image holds, some four hundred packages: libraries, firmware and tools that no charm
 * was seen to ask about. Summaries are cut at the width of a line.
 */

/** A line a package: name, version, flags (see package-base.ts), summary. */
export const NOBLE = `
adduser 3.137ubuntu1 l add and remove users and groups
apparmor 4.0.1really4.0.1-0ubuntu0.24.04.3 - user-space parser utility for AppArmor
apport 2.28.1-0ubuntu3.5 l automatically generate crash reports for debugging
apt 2.8.3 - commandline package manager
apt-utils 2.8.3 - package management related utility programs
base-files 13ubuntu10.4 e Debian base system miscellaneous files
base-passwd 3.6.3build1 e Debian base system master password and group files
bash 5.2.21-2ubuntu4 e GNU Bourne Again SHell
bash-completion 1:2.11-8 l programmable completion for the bash shell
bind9-dnsutils 1:9.18.39-0ubuntu0.24.04.5 - Clients provided with BIND 9
bind9-host 1:9.18.39-0ubuntu0.24.04.5 - DNS Lookup Utility
bind9-libs 1:9.18.39-0ubuntu0.24.04.5 - Shared Libraries used by BIND 9
bsdextrautils 2.39.3-9ubuntu6.5 - extra utilities from 4.4BSD-Lite
bsdmainutils 12.1.8 l Transitional package for more utilities from FreeBSD
bsdutils 1:2.39.3-9ubuntu6.5 e basic utilities from 4.4BSD-Lite
bzip2 1.0.8-5.1build0.1 - high-quality block-sorting file compressor - utilities
ca-certificates 20260601~24.04.1 l Common CA certificates
cloud-init 24.4.1-0ubuntu0~24.04.1 l initialization and customization tool for cloud instances
cloud-initramfs-copymods 0.49~24.04.1 l copy initramfs modules into root filesystem for later use
cloud-initramfs-dyn-netconf 0.49~24.04.1 l write a network interface file in /run for BOOTIF
coreutils 9.4-3ubuntu6.2 e GNU core utilities
cron 3.0pl1-184ubuntu2 - process scheduling daemon
cryptsetup 2:2.7.0-1ubuntu4.2 - disk encryption support - startup scripts
curl 8.5.0-2ubuntu10.11 - command line tool for transferring data with URL syntax
dash 0.5.12-6ubuntu5 e POSIX-compliant shell
dbus 1.14.10-4ubuntu4.1 - simple interprocess messaging system (system message bus)
dbus-user-session 1.14.10-4ubuntu4.1 - simple interprocess messaging system (systemd --user integration)
debconf 1.5.86ubuntu1 l Debian configuration management system
debianutils 5.17build1 e Miscellaneous utilities specific to Debian
dhcpcd-base 1:10.0.6-1ubuntu3.1 - DHCPv4 and DHCPv6 dual-stack client (binaries and exit hooks)
diffutils 1:3.10-1build1 e File comparison utilities
distro-info-data 0.60ubuntu0.2 l information about the distributions' releases (data files)
dmsetup 2:1.02.185-3ubuntu3.2 - Linux Kernel Device Mapper userspace library
dpkg 1.22.6ubuntu6.6 e Debian package management system
e2fsprogs 1.47.0-2.4~exp1ubuntu4.1 - ext2/ext3/ext4 file system utilities
fdisk 2.39.3-9ubuntu6.2 - collection of partitioning utilities
file 1:5.45-3build1 - Recognize the type of data in a file using "magic" numbers
findutils 4.9.0-5build1 e utilities for finding files--find, xargs
gcc-14-base 14.2.0-4ubuntu2~24.04.1 a GCC, the GNU Compiler Collection (base package)
gettext-base 0.21-14ubuntu2 - GNU Internationalization utilities for the base system
git 1:2.43.0-1ubuntu7.2 - fast, scalable, distributed revision control system
git-man 1:2.43.0-1ubuntu7.2 l fast, scalable, distributed revision control system (manual pages)
gpgv 2.4.4-2ubuntu17.4 - GNU privacy guard - signature verification tool
grep 3.11-4build1 e GNU grep, egrep and fgrep
grub-common 2.12-1ubuntu7.1 a GRand Unified Bootloader (common files)
gzip 1.12-1ubuntu3.2 e GNU compression utilities
hostname 3.23+nmu2ubuntu2 e utility to set/show the host name or domain name
inetutils-telnet 2:2.5-3ubuntu4.2 - telnet client
init-system-helpers 1.66ubuntu1 le helper tools for all init systems
initramfs-tools 0.142ubuntu25.5 la generic modular initramfs generator (automation)
iproute2 6.1.0-1ubuntu6.4 - networking and traffic control tools
iputils-ping 3:20240117-1ubuntu0.1 - Tools to test the reachability of network hosts
kmod 31+20240202-2ubuntu7.1 - tools for managing Linux kernel modules
landscape-common 24.02-0ubuntu5.2 a Landscape administration system client - Common files
less 590-2ubuntu2.1 - pager program similar to more
libacl1 2.3.2-1build1.1 a access control list - shared library
libapt-pkg6.0t64 2.8.3 a package management runtime library
libassuan0 2.5.6-1build1 a IPC library for the GnuPG components
libattr1 1:2.5.2-1build1.1 a extended attribute handling - shared library
libaudit-common 1:3.1.2-2.1build1.1 la Dynamic library for security auditing - common files
libaudit1 1:3.1.2-2.1build1.1 a Dynamic library for security auditing
libblkid1 2.39.3-9ubuntu6.5 a block device ID library
libbpf1 1:1.3.0-2build2 a eBPF helper library (shared library)
libbrotli1 1.1.0-2build2 a library implementing brotli encoder and decoder (shared libraries)
libbsd0 0.12.1-1build1.1 a utility functions from BSD systems - shared library
libbz2-1.0 1.0.8-5.1build0.1 a high-quality block-sorting file compressor library - runtime
libc-bin 2.39-0ubuntu8.8 ae GNU C Library: Binaries
libc6 2.39-0ubuntu8.8 a GNU C Library: Shared libraries
libcap-ng0 0.8.4-2build2 a alternate POSIX capabilities library
libcap2 1:2.66-5ubuntu2.4 a POSIX 1003.1e capabilities (library)
libcap2-bin 1:2.66-5ubuntu2.4 a POSIX 1003.1e capabilities (utilities)
libcbor0.10 0.10.2-1.2ubuntu2 a library for parsing and generating CBOR (RFC 7049)
libcom-err2 1.47.0-2.4~exp1ubuntu4.1 a common error description library
libcrypt1 1:4.4.36-4build1 a libcrypt shared library
libcurl3t64-gnutls 8.5.0-2ubuntu10.11 a easy-to-use client-side URL transfer library (GnuTLS flavour)
libcurl4t64 8.5.0-2ubuntu10.11 a easy-to-use client-side URL transfer library (OpenSSL flavour)
libdb5.3t64 5.3.28+dfsg2-7 a Berkeley v5.3 Database Libraries [runtime]
libdbus-1-3 1.14.10-4ubuntu4.1 a simple interprocess messaging system (library)
libdebconfclient0 0.271ubuntu3 a Debian Configuration Management System (C-implementation library)
libdw1t64 0.190-1.1ubuntu0.1 a library that provides access to the DWARF debug information
libedit2 3.1-20230828-1build1 a BSD editline and history libraries
libelf1t64 0.190-1.1ubuntu0.1 a library to read and write ELF files
libexpat1 2.6.1-2ubuntu0.4 a XML parsing C library - runtime library
libext2fs2t64 1.47.0-2.4~exp1ubuntu4.1 a ext2/ext3/ext4 file system libraries
libffi8 3.4.6-1build1 a Foreign Function Interface library runtime
libfido2-1 1.14.0-1build3 a library for generating and verifying FIDO 2.0 objects
libgcc-s1 14.2.0-4ubuntu2~24.04.1 a GCC support library
libgcrypt20 1.10.3-2ubuntu0.1 a LGPL Crypto library - runtime library
libgdbm-compat4t64 1.23-5.1build1 a GNU dbm database routines (legacy support runtime version)
libgdbm6t64 1.23-5.1build1 a GNU dbm database routines (runtime version)
libglib2.0-0t64 2.80.0-6ubuntu3.8 a GLib library of C routines
libgmp10 2:6.3.0+dfsg-2ubuntu6.1 a Multiprecision arithmetic library
libgnutls30t64 3.8.3-1.1ubuntu3.6 a GNU TLS library - main runtime library
libgpg-error0 1.47-3build2.1 a GnuPG development runtime library
libgpm2 1.20.7-11 a General Purpose Mouse - shared library
libgssapi-krb5-2 1.20.1-6ubuntu2.7 a MIT Kerberos runtime libraries - krb5 GSS-API Mechanism
libhogweed6t64 3.9.1-2.2build1.1 a low level cryptographic library (public-key cryptos)
libibverbs1 50.0-2ubuntu0.2 a Library for direct userspace use of RDMA (InfiniBand/iWARP)
libicu74 74.2-1ubuntu3.1 a International Components for Unicode
libidn2-0 2.3.7-2build1.1 a Internationalized domain names (IDNA2008/TR46) library
libjansson4 2.14-2build2 a C library for encoding, decoding and manipulating JSON data
libjson-c5 0.17-1build1 a JSON manipulation library - shared library
libk5crypto3 1.20.1-6ubuntu2.7 a MIT Kerberos runtime libraries - Crypto Library
libkeyutils1 1.6.3-3build1 a Linux Key Management Utilities (library)
libkrb5-3 1.20.1-6ubuntu2.7 a MIT Kerberos runtime libraries
libkrb5support0 1.20.1-6ubuntu2.7 a MIT Kerberos runtime libraries - Support library
libldap2 2.6.10+dfsg-0ubuntu0.24.04.1 a OpenLDAP libraries
liblmdb0 0.9.31-1build1 a Lightning Memory-Mapped Database shared library
liblz4-1 1.9.4-1build1.1 a Fast LZ compression algorithm library - runtime
liblzma5 5.6.1+really5.4.5-1ubuntu0.3 a XZ-format compression library
libmagic-mgc 1:5.45-3build1 a File type determination library using "magic" numbers (compiled magic file)
libmagic1t64 1:5.45-3build1 a Recognize the type of data in a file using "magic" numbers - library
libmaxminddb0 1.9.1-1build1 a IP geolocation database library
libmd0 1.1.0-2build1.1 a message digest functions from BSD systems - shared library
libmnl0 1.0.5-2build1 a minimalistic Netlink communication library
libmount1 2.39.3-9ubuntu6.5 a device mounting library
libmpfr6 4.2.1-1build1.1 a multiple precision floating-point computation
libncursesw6 6.4+20240113-1ubuntu2.1 a shared libraries for terminal handling (wide character support)
libnetfilter-conntrack3 1.0.9-6build1 a Netfilter netlink-conntrack library
libnettle8t64 3.9.1-2.2build1.1 a low level cryptographic library (symmetric and one-way cryptos)
libnfnetlink0 1.0.2-2build1 a Netfilter netlink library
libnghttp2-14 1.59.0-1ubuntu0.4 a library implementing HTTP/2 protocol (shared library)
libnl-3-200 3.7.0-0.3build1.1 a library for dealing with netlink sockets
libnl-route-3-200 3.7.0-0.3build1.1 a library for dealing with netlink sockets - route interface
libnpth0t64 1.6-3.1build1 a replacement for GNU Pth using system threads
libnss-systemd 255.4-1ubuntu8.5 a nss module providing dynamic user and group name resolution
libp11-kit0 0.25.3-4ubuntu2.1 a library for loading and coordinating access to PKCS#11 modules - runtime
libpam-modules 1.5.3-5ubuntu5.6 a Pluggable Authentication Modules for PAM
libpam-modules-bin 1.5.3-5ubuntu5.6 a Pluggable Authentication Modules for PAM - helper binaries
libpam-runtime 1.5.3-5ubuntu5.6 la Runtime support for the PAM library
libpam-systemd 255.4-1ubuntu8.5 a system and service manager - PAM module
libpam0g 1.5.3-5ubuntu5.6 a Pluggable Authentication Modules library
libpcap0.8t64 1.10.4-4.1ubuntu3 a system interface for user-level packet capture
libpcre2-8-0 10.42-4ubuntu2.1 a New Perl Compatible Regular Expression Library- 8 bit runtime files
libperl5.38t64 5.38.2-3.2ubuntu0.3 a shared Perl library
libpopt0 1.19+dfsg-1build1 a lib for parsing cmdline parameters
libproc2-0 2:4.0.4-4ubuntu3.2 a library for accessing process information from /proc
libpsl5t64 0.21.2-1.1build1 a Library for Public Suffix List (shared libraries)
libpython3-stdlib 3.12.3-0ubuntu2.1 a interactive high-level object-oriented language (default python3 version)
libpython3.12-minimal 3.12.3-1ubuntu0.15 a Minimal subset of the Python language (version 3.12)
libpython3.12-stdlib 3.12.3-1ubuntu0.15 a Interactive high-level object-oriented language (standard library, version 3
libreadline8t64 8.2-4build1 a GNU readline and history libraries, run-time libraries
librtmp1 2.4+20151223.gitfa8646d.1-2build7 a toolkit for RTMP streams (shared library)
libsasl2-2 2.1.28+dfsg1-5ubuntu3.1 a Cyrus SASL - authentication abstraction library
libsasl2-modules-db 2.1.28+dfsg1-5ubuntu3.1 a Cyrus SASL - pluggable authentication modules (DB)
libseccomp2 2.5.5-1ubuntu3.1 a high level interface to Linux seccomp filter
libselinux1 3.5-2ubuntu2.1 a SELinux runtime shared libraries
libsemanage-common 3.5-1build5 la Common files for SELinux policy management libraries
libsemanage2 3.5-1build5 a SELinux policy management library
libsensors-config 1:3.6.0-9build1 la lm-sensors configuration files
libsensors5 1:3.6.0-9build1 a library to read temperature/voltage/fan sensors
libsepol2 3.5-2build1 a SELinux library for manipulating binary security policies
libsmartcols1 2.39.3-9ubuntu6.5 a smart column output alignment library
libsqlite3-0 3.45.1-1ubuntu2.7 a SQLite 3 shared library
libss2 1.47.0-2.4~exp1ubuntu4.1 a command-line interface parsing library
libssh-4 0.10.6-2ubuntu0.4 a tiny C SSH library (OpenSSL flavor)
libssl3t64 3.0.13-0ubuntu3.12 a Secure Sockets Layer toolkit - shared libraries
libstdc++6 14.2.0-4ubuntu2~24.04.1 a GNU Standard C++ Library v3
libsystemd0 255.4-1ubuntu8.16 a systemd utility library
libtasn1-6 4.19.0-3ubuntu0.24.04.2 a Manage ASN.1 structures (runtime)
libtinfo6 6.4+20240113-1ubuntu2.1 a shared low-level terminfo library for terminal handling
libudev1 255.4-1ubuntu8.16 a libudev shared library
libunistring5 1.1-2build1.1 a Unicode string library for C
libunwind8 1.6.2-3build1.1 a library to determine the call-chain of a program - runtime
libuuid1 2.39.3-9ubuntu6.5 a Universally Unique ID library
libuv1t64 1.48.0-1.1build1 a asynchronous event notification library - runtime library
libwrap0 7.6.q-33 a Wietse Venema's TCP wrappers library
libxml2 2.9.14+dfsg-1.3ubuntu3.8 a GNOME XML library
libxtables12 1.8.10-3ubuntu2 a netfilter xtables library
libxxhash0 0.8.2-2build1 a shared library for xxhash
libzstd1 1.5.5+dfsg2-2build1.1 a fast lossless compression algorithm
locales 2.39-0ubuntu8.8 l GNU C Library: National Language (locale) data [support]
login 1:4.13+dfsg1-4ubuntu3.2 e system login tools
logsave 1.47.0-2.4~exp1ubuntu4.1 - save the output of a command in a log file
lsb-release 12.0-2 l Linux Standard Base version reporting utility (minimal implementation)
lvm2 2.03.16-3ubuntu3.2 - Linux Logical Volume Manager
lxd-agent-loader 0.7ubuntu0.1 l LXD - VM agent loader
lxd-installer 4ubuntu0.1 l Wrapper to install lxd snap on demand
mawk 1.3.4.20240123-1build1 - Pattern scanning and text processing language
mdadm 4.3-1ubuntu2.1 - tool to administer Linux MD arrays (software RAID)
media-types 10.1.0 l List of standard media types and their usual file extension
motd-news-config 13ubuntu10.2 l Configuration for motd-news shipped in base-files
mount 2.39.3-9ubuntu6.5 - tools for mounting and manipulating filesystems
nano 7.2-2ubuntu0.1 - small, friendly text editor inspired by Pico
ncal 12.1.8 - display a calendar and the date of Easter
ncurses-base 6.4+20240113-1ubuntu2.1 le basic terminal type definitions
ncurses-bin 6.4+20240113-1ubuntu2.1 e terminal-related programs and man pages
needrestart 3.6-7ubuntu4.5 l check which daemons need to be restarted after library upgrades
netbase 6.4 l Basic TCP/IP networking system
netplan.io 1.1.1-1~ubuntu24.04.1 - YAML network configuration abstraction for various backends
open-iscsi 2.1.9-3ubuntu5.3 - iSCSI initiator tools
open-vm-tools 2:12.4.5-1~ubuntu0.24.04.1 - Open VMware Tools for virtual machines hosted on VMware (CLI)
openssh-client 1:9.6p1-3ubuntu13.18 - secure shell (SSH) client, for secure access to remote machines
openssh-server 1:9.6p1-3ubuntu13.8 - secure shell (SSH) server, for secure access from remote machines
openssh-sftp-server 1:9.6p1-3ubuntu13.8 - secure shell (SSH) sftp server module, for SFTP access from remote machines
openssl 3.0.13-0ubuntu3.12 - Secure Sockets Layer toolkit - cryptographic utility
packagekit 1.2.8-2ubuntu1.2 - Provides a package management service
passwd 1:4.13+dfsg1-4ubuntu3.2 - change and administer password and group data
perl 5.38.2-3.2ubuntu0.3 - Larry Wall's Practical Extraction and Report Language
perl-base 5.38.2-3.2ubuntu0.3 e minimal Perl system
perl-modules-5.38 5.38.2-3.2ubuntu0.3 la Core Perl modules
polkitd 124-2ubuntu1.24.04.2 - framework for managing administrative policies and privileges
pollinate 4.33-3.1ubuntu1.1 l seed the pseudo random number generator
procps 2:4.0.4-4ubuntu3.2 - /proc file system utilities
python-apt-common 2.7.7ubuntu4 la Python interface to libapt-pkg (locales)
python3 3.12.3-0ubuntu2.1 - interactive high-level object-oriented language (default python3 version)
python3-apt 2.7.7ubuntu4 a Python 3 interface to libapt-pkg
python3-certifi 2023.11.17-1 la root certificates for validating SSL certs and verifying TLS hosts (python3)
python3-chardet 5.2.0+dfsg-1 la Universal Character Encoding Detector (Python3)
python3-idna 3.6-2ubuntu0.2 la Python IDNA2008 (RFC 5891) handling (Python 3)
python3-jinja2 3.1.2-1ubuntu1.3 la small but fast and easy to use stand-alone template engine
python3-minimal 3.12.3-0ubuntu2.1 a minimal subset of the Python language (default python3 version)
python3-pkg-resources 68.1.2-2ubuntu1.2 la Package Discovery and Resource Access using pkg_resources
python3-requests 2.31.0+dfsg-1ubuntu1.1 la elegant and simple HTTP library for Python3, built for human beings
python3-setuptools 68.1.2-2ubuntu1.1 la Python3 Distutils Enhancements
python3-six 1.16.0-4 la Python 2 and 3 compatibility library
python3-software-properties 0.99.49.1 la manage the repositories that you install software from
python3-urllib3 2.0.7-1ubuntu0.7 la HTTP library with thread-safe connection pooling for Python3
python3-yaml 6.0.1-2build2 a YAML parser and emitter for Python3
python3.12 3.12.3-1ubuntu0.15 a Interactive high-level object-oriented language (version 3.12)
python3.12-minimal 3.12.3-1ubuntu0.15 a Minimal subset of the Python language (version 3.12)
readline-common 8.2-4build1 la GNU readline and history libraries, common files
rsync 3.2.7-1ubuntu1.5 - fast, versatile, remote (and local) file-copying tool
sed 4.9-2ubuntu0.24.04.1 e GNU stream editor for filtering/transforming text
sensible-utils 0.0.22 l Utilities for sensible alternative selection
snapd 2.67.1+24.04 - Daemon and tooling that enable snap packages
software-properties-common 0.99.49.1 la manage the repositories that you install software from (common)
sosreport 4.8.2-0ubuntu0~24.04.1 - Set of tools to gather troubleshooting data from a system
ssh-import-id 5.11-0ubuntu2.24.04.1 l securely retrieve an SSH public key and install it locally
strace 6.8-0ubuntu2 - System call tracer
systemd 255.4-1ubuntu8.5 - system and service manager
systemd-dev 255.4-1ubuntu8.5 l systemd development files
systemd-resolved 255.4-1ubuntu8.5 - systemd DNS resolver
systemd-sysv 255.4-1ubuntu8.5 - system and service manager - SysV compatibility symlinks
sysvinit-utils 3.08-6ubuntu3 e System-V-like utilities
tar 1.35+dfsg-3ubuntu0.4 e GNU version of the tar archiving utility
tcpdump 4.99.4-3ubuntu4.24.04.1 - command-line network traffic analyzer
telnet 0.17+2.5-3ubuntu4.2 l transitional dummy package for inetutils-telnet default switch
tmux 3.4-1ubuntu0.1 - terminal multiplexer
tzdata 2026c-0ubuntu0.24.04.1 l time zone and daylight-saving time data
ubuntu-keyring 2023.11.28.1 l GnuPG keys of the Ubuntu archive
ubuntu-minimal 1.539.2 - Minimal core of Ubuntu
ubuntu-pro-client 34~24.04 - Management tools for Ubuntu Pro
ubuntu-release-upgrader-core 1:24.04.26 l ubuntu-release-upgrader-core
ubuntu-server 1.539.2 - Ubuntu Server system
ubuntu-server-minimal 1.539.2 - Ubuntu Server minimal system
ubuntu-standard 1.539.2 - Ubuntu standard system
ucf 3.0043+nmu1 l Update Configuration File(s): preserve user changes to config files
udev 255.4-1ubuntu8.5 - /dev/ and hotplug management daemon
unattended-upgrades 2.9.1+nmu4ubuntu1 l automatic installation of security upgrades
unminimize 0.2.1 - Un-minimize your minimial images or setup
update-manager-core 1:24.04.9 l manage release upgrades
update-notifier-common 3.192.68build3 la Files shared between update-notifier and other packages
util-linux 2.39.3-9ubuntu6.5 e miscellaneous system utilities
uuid-runtime 2.39.3-9ubuntu6.2 - runtime components for the Universally Unique ID library
vim-common 2:9.1.0016-1ubuntu7.18 la Vi IMproved - Common files
vim-tiny 2:9.1.0016-1ubuntu7.6 - Vi IMproved - enhanced vi editor - compact version
wget 1.21.4-1ubuntu4.1 - retrieves files from the web
xfsprogs 6.6.0-1ubuntu2.1 - Utilities for managing the XFS filesystem
xxd 2:9.1.0016-1ubuntu7.6 - tool to make (or reverse) a hex dump
xz-utils 5.6.1+really5.4.5-1ubuntu0.3 - XZ-format compression utilities
zlib1g 1:1.3.dfsg-3.1ubuntu2.1 - compression library - runtime
zstd 1.5.5+dfsg2-2build1.1 - fast lossless compression algorithm -- CLI tool
`;
