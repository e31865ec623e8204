/**
 * Packages of Ubuntu 22.04 LTS as a machine has them before any charm is there.
 * Source: docs/ubuntu-22.04.md and ubuntu-debug-22.04.md of github.com/cybozu/ubuntu-base (base system), and public
 * listings of Ubuntu server machines of 2022 to 2025 (`apt list --installed`) for the server's own packages.
 * Not modelled: what else a cloud image holds, some four hundred packages: libraries, firmware and tools that no charm
 * was seen to ask about. Summaries are cut at the width of a line.
 */

/** A line a package: name, version, flags (see package-base.ts), summary. */
export const JAMMY = `
acl 2.3.1-1 - access control list - utilities
adduser 3.118ubuntu5 l add and remove users and groups
apparmor 3.0.4-2ubuntu2.4 - user-space parser utility for AppArmor
apport 2.20.11-0ubuntu82.9 l automatically generate crash reports for debugging
apt 2.4.14 - commandline package manager
apt-utils 2.4.14 - package management related utility programs
base-files 12ubuntu4.7 e Debian base system miscellaneous files
base-passwd 3.5.52build1 e Debian base system master password and group files
bash 5.1-6ubuntu1.1 e GNU Bourne Again SHell
bash-completion 1:2.11-5ubuntu1 l programmable completion for the bash shell
bc 1.07.1-3build1 - GNU bc arbitrary precision calculator language
bind9-dnsutils 1:9.18.39-0ubuntu0.22.04.4 - Clients provided with BIND 9
bind9-host 1:9.18.39-0ubuntu0.22.04.4 - DNS Lookup Utility
bind9-libs 1:9.18.39-0ubuntu0.22.04.4 - Shared Libraries used by BIND 9
bsdextrautils 2.37.2-4ubuntu3.5 - extra utilities from 4.4BSD-Lite
bsdmainutils 12.1.7+nmu3ubuntu2 l Transitional package for more utilities from FreeBSD
bsdutils 1:2.37.2-4ubuntu3.5 e basic utilities from 4.4BSD-Lite
btrfs-progs 5.16.2-1 - Checksumming Copy on Write Filesystem utilities
byobu 5.133-1 l text window manager, shell multiplexer, integrated DevOps environment
bzip2 1.0.8-5build1 - high-quality block-sorting file compressor - utilities
ca-certificates 20260601~22.04.1 l Common CA certificates
cloud-guest-utils 0.32-22-g45fe84a5-0ubuntu1 l cloud guest utilities
cloud-init 25.1.2-0ubuntu0~22.04.2 l initialization and customization tool for cloud instances
cloud-initramfs-copymods 0.47ubuntu1 l copy initramfs modules into root filesystem for later use
cloud-initramfs-dyn-netconf 0.47ubuntu1 l write a network interface file in /run for BOOTIF
command-not-found 22.04.0 l Suggest installation of packages in interactive bash sessions
console-setup 1.205ubuntu3 l console font and keymap setup program
coreutils 8.32-4.1ubuntu1.3 e GNU core utilities
cpio 2.13+dfsg-7ubuntu0.1 - GNU cpio -- a program to manage archives of files
cron 3.0pl1-137ubuntu3 - process scheduling daemon
cryptsetup 2:2.4.3-1ubuntu1.3 - disk encryption support - startup scripts
curl 7.81.0-1ubuntu1.25 - command line tool for transferring data with URL syntax
dash 0.5.11+git20210903+057cd650a4ed-3build1 e POSIX-compliant shell
dbus 1.12.20-2ubuntu4.1 - simple interprocess messaging system (system message bus)
dbus-user-session 1.12.20-2ubuntu4.1 - simple interprocess messaging system (systemd --user integration)
debconf 1.5.79ubuntu1 l Debian configuration management system
debianutils 5.5-1ubuntu2 e Miscellaneous utilities specific to Debian
diffutils 1:3.8-0ubuntu2 e File comparison utilities
dirmngr 2.2.27-3ubuntu2.4 - GNU privacy guard - network certificate management service
distro-info-data 0.52ubuntu0.9 l information about the distributions' releases (data files)
dmsetup 2:1.02.175-2.1ubuntu5 - Linux Kernel Device Mapper userspace library
docutils-common 0.17.1+dfsg-2 a text processing system for reStructuredText - common data
dosfstools 4.2-1build3 - utilities for making and checking MS-DOS FAT filesystems
dpkg 1.21.1ubuntu2.6 e Debian package management system
e2fsprogs 1.46.5-2ubuntu1.2 - ext2/ext3/ext4 file system utilities
eatmydata 130-2build1 l Library and utilities designed to disable fsync and friends
ed 1.18-1 - classic UNIX line editor
ethtool 1:5.16-1ubuntu0.2 - display or change Ethernet device settings
fdisk 2.37.2-4ubuntu3.4 - collection of partitioning utilities
file 1:5.41-3ubuntu0.1 - Recognize the type of data in a file using "magic" numbers
findutils 4.8.0-1ubuntu3 e utilities for finding files--find, xargs
fuse3 3.10.5-1build1 - Filesystem in Userspace (3.x version)
gawk 1:5.1.0-1ubuntu0.1 - GNU awk, a pattern scanning and processing language
gcc-12-base 12.3.0-1ubuntu1~22.04.3 a GCC, the GNU Compiler Collection (base package)
gdisk 1.0.8-4build1 - GPT fdisk text-mode partitioning tool
gettext-base 0.21-4ubuntu4 - GNU Internationalization utilities for the base system
git 1:2.34.1-1ubuntu1.15 - fast, scalable, distributed revision control system
git-man 1:2.34.1-1ubuntu1.15 l fast, scalable, distributed revision control system (manual pages)
gnupg 2.2.27-3ubuntu2.4 l GNU privacy guard - a free PGP replacement
gnupg-l10n 2.2.27-3ubuntu2.4 la GNU privacy guard - localization files
gnupg-utils 2.2.27-3ubuntu2.4 - GNU privacy guard - utility programs
gpg 2.2.27-3ubuntu2.4 - GNU Privacy Guard -- minimalist public key operations
gpg-agent 2.2.27-3ubuntu2.4 - GNU privacy guard - cryptographic agent
gpgconf 2.2.27-3ubuntu2.4 - GNU privacy guard - core configuration utilities
gpgsm 2.2.27-3ubuntu2.4 - GNU privacy guard - S/MIME version
gpgv 2.2.27-3ubuntu2.5 - GNU privacy guard - signature verification tool
grep 3.7-1build1 e GNU grep, egrep and fgrep
groff 1.22.4-8build1 - GNU troff text-formatting system
groff-base 1.22.4-8build1 - GNU troff text-formatting system (base system components)
grub-common 2.06-2ubuntu7.2 a GRand Unified Bootloader (common files)
gzip 1.10-4ubuntu4.2 e GNU compression utilities
hostname 3.23ubuntu2 e utility to set/show the host name or domain name
htop 3.0.5-7build2 - interactive processes viewer
init 1.62 - metapackage ensuring an init system is installed
init-system-helpers 1.62 le helper tools for all init systems
initramfs-tools 0.140ubuntu13.5 la generic modular initramfs generator (automation)
iproute2 5.15.0-1ubuntu2 - networking and traffic control tools
iptables 1.8.7-1ubuntu5.2 - administration tools for packet filtering and NAT
iputils-ping 3:20211215-1ubuntu0.1 - Tools to test the reachability of network hosts
irqbalance 1.8.0-1ubuntu0.2 - Daemon to balance interrupts for SMP systems
isc-dhcp-client 4.4.1-2.3ubuntu2.4 - DHCP client for automatically obtaining an IP address
kbd 2.3.0-3ubuntu4.22.04 - Linux console font and keytable utilities
kmod 29-1ubuntu1 - tools for managing Linux kernel modules
landscape-common 23.02-0ubuntu1~22.04.4 a Landscape administration system client - Common files
less 590-1ubuntu0.22.04.3 - pager program similar to more
libacl1 2.3.1-1 a access control list - shared library
libapt-pkg6.0 2.4.14 a package management runtime library
libattr1 1:2.5.1-1build1 a extended attribute handling - shared library
libaudit-common 1:3.0.7-1build1 la Dynamic library for security auditing - common files
libaudit1 1:3.0.7-1build1 a Dynamic library for security auditing
libblkid1 2.37.2-4ubuntu3.5 a block device ID library
libboost-regex1.74.0 1.74.0-14ubuntu3 a regular expression library for C++
libbpf0 1:0.5.0-1ubuntu22.04.1 a eBPF helper library (shared library)
libbrotli1 1.0.9-2build6 a library implementing brotli encoder and decoder (shared libraries)
libbsd0 0.11.5-1 a utility functions from BSD systems - shared library
libbz2-1.0 1.0.8-5build1 a high-quality block-sorting file compressor library - runtime
libc-bin 2.35-0ubuntu3.14 ae GNU C Library: Binaries
libc6 2.35-0ubuntu3.14 a GNU C Library: Shared libraries
libcap-ng0 0.7.9-2.2build3 a An alternate POSIX capabilities library
libcap2 1:2.44-1ubuntu0.22.04.3 a POSIX 1003.1e capabilities (library)
libcap2-bin 1:2.44-1ubuntu0.22.04.3 a POSIX 1003.1e capabilities (utilities)
libcbor0.8 0.8.0-2ubuntu1 a library for parsing and generating CBOR (RFC 7049)
libcom-err2 1.46.5-2ubuntu1.2 a common error description library
libcrypt1 1:4.4.27-1 a libcrypt shared library
libcurl3-gnutls 7.81.0-1ubuntu1.25 a easy-to-use client-side URL transfer library (GnuTLS flavour)
libcurl4 7.81.0-1ubuntu1.25 a easy-to-use client-side URL transfer library (OpenSSL flavour)
libdb5.3 5.3.28+dfsg1-0.8ubuntu3 a Berkeley v5.3 Database Libraries [runtime]
libdbus-1-3 1.12.20-2ubuntu4.1 a simple interprocess messaging system (library)
libdebconfclient0 0.261ubuntu1 a Debian Configuration Management System (C-implementation library)
libdw1 0.186-1ubuntu0.1 a library that provides access to the DWARF debug information
libedit2 3.1-20210910-1build1 a BSD editline and history libraries
libelf1 0.186-1ubuntu0.1 a library to read and write ELF files
libexpat1 2.4.7-1ubuntu0.7 a XML parsing C library - runtime library
libext2fs2 1.46.5-2ubuntu1.2 a ext2/ext3/ext4 file system libraries
libffi8 3.4.2-4 a Foreign Function Interface library runtime
libfido2-1 1.10.0-1 a library for generating and verifying FIDO 2.0 objects
libgcc-s1 12.3.0-1ubuntu1~22.04.3 a GCC support library
libgcrypt20 1.9.4-3ubuntu3.2 a LGPL Crypto library - runtime library
libgdbm-compat4 1.23-1 a GNU dbm database routines (legacy support runtime version)
libgdbm6 1.23-1 a GNU dbm database routines (runtime version)
libglib2.0-0 2.72.4-0ubuntu2.9 a GLib library of C routines
libgmp10 2:6.2.1+dfsg-3ubuntu1 a Multiprecision arithmetic library
libgnutls30 3.7.3-4ubuntu1.9 a GNU TLS library - main runtime library
libgpg-error0 1.43-3 a GnuPG development runtime library
libgpm2 1.20.7-10build1 a General Purpose Mouse - shared library
libgssapi-krb5-2 1.19.2-2ubuntu0.8 a MIT Kerberos runtime libraries - krb5 GSS-API Mechanism
libhogweed6 3.7.3-1build2 a low level cryptographic library (public-key cryptos)
libice6 2:1.0.10-1build2 a X11 Inter-Client Exchange library
libicu70 70.1-2 a International Components for Unicode
libidn2-0 2.3.2-2build1 a Internationalized domain names (IDNA2008/TR46) library
libjson-c5 0.15-3~ubuntu1.22.04.2 a JSON manipulation library - shared library
libk5crypto3 1.19.2-2ubuntu0.8 a MIT Kerberos runtime libraries - Crypto Library
libkeyutils1 1.6.1-2ubuntu3 a Linux Key Management Utilities (library)
libkrb5-3 1.19.2-2ubuntu0.8 a MIT Kerberos runtime libraries
libkrb5support0 1.19.2-2ubuntu0.8 a MIT Kerberos runtime libraries - Support library
libldap-2.5-0 2.5.20+dfsg-0ubuntu0.22.04.1 a OpenLDAP libraries
liblmdb0 0.9.24-1build2 a Lightning Memory-Mapped Database shared library
liblz4-1 1.9.3-2build2 a Fast LZ compression algorithm library - runtime
liblzma5 5.2.5-2ubuntu1.1 a XZ-format compression library
libmagic-mgc 1:5.41-3ubuntu0.1 a File type determination library using "magic" numbers (compiled magic file)
libmagic1 1:5.41-3ubuntu0.1 a Recognize the type of data in a file using "magic" numbers - library
libmaxminddb0 1.5.2-1build2 a IP geolocation database library
libmd0 1.0.4-1build1 a message digest functions from BSD systems - shared library
libmnl0 1.0.4-3build2 a minimalistic Netlink communication library
libmount1 2.37.2-4ubuntu3.5 a device mounting library
libmpdec3 2.5.1-2build2 a library for decimal floating point arithmetic (runtime library)
libmpfr6 4.1.0-3build3 a multiple precision floating-point computation
libncurses6 6.3-2ubuntu0.2 a shared libraries for terminal handling
libncursesw6 6.3-2ubuntu0.2 a shared libraries for terminal handling (wide character support)
libnetfilter-conntrack3 1.0.9-1 a Netfilter netlink-conntrack library
libnettle8 3.7.3-1build2 a low level cryptographic library (symmetric and one-way cryptos)
libnfnetlink0 1.0.1-3build3 a Netfilter netlink library
libnghttp2-14 1.43.0-1ubuntu0.4 a library implementing HTTP/2 protocol (shared library)
libnsl2 1.3.0-2build2 a Public client interface for NIS(YP) and NIS+
libp11-kit0 0.24.0-6build1 a library for loading and coordinating access to PKCS#11 modules - runtime
libpam-modules 1.4.0-11ubuntu2.7 a Pluggable Authentication Modules for PAM
libpam-modules-bin 1.4.0-11ubuntu2.7 a Pluggable Authentication Modules for PAM - helper binaries
libpam-runtime 1.4.0-11ubuntu2.7 la Runtime support for the PAM library
libpam0g 1.4.0-11ubuntu2.7 a Pluggable Authentication Modules library
libpcap0.8 1.10.1-4ubuntu1.22.04.1 a system interface for user-level packet capture
libpcre2-8-0 10.39-3ubuntu0.1 a New Perl Compatible Regular Expression Library- 8 bit runtime files
libpcre3 2:8.39-13ubuntu0.22.04.1 a Old Perl 5 Compatible Regular Expression Library - runtime files
libperl5.34 5.34.0-3ubuntu1.7 a shared Perl library
libpopt0 1.18-3build1 a lib for parsing cmdline parameters
libprocps8 2:3.3.17-6ubuntu2.1 a library for accessing process information from /proc
libpsl5 0.21.0-1.2build2 a Library for Public Suffix List (shared libraries)
libpython3-stdlib 3.10.6-1~22.04.1 a interactive high-level object-oriented language (default python3 version)
libpython3.10-minimal 3.10.12-1~22.04.16 a Minimal subset of the Python language (version 3.10)
libpython3.10-stdlib 3.10.12-1~22.04.16 a Interactive high-level object-oriented language (standard library, version 3
libreadline8 8.1.2-1 a GNU readline and history libraries, run-time libraries
librtmp1 2.4+20151223.gitfa8646d.1-2build4 a toolkit for RTMP streams (shared library)
libsasl2-2 2.1.27+dfsg2-3ubuntu1.2 a Cyrus SASL - authentication abstraction library
libsasl2-modules-db 2.1.27+dfsg2-3ubuntu1.2 a Cyrus SASL - pluggable authentication modules (DB)
libseccomp2 2.5.3-2ubuntu3~22.04.1 a high level interface to Linux seccomp filter
libselinux1 3.3-1build2 a SELinux runtime shared libraries
libsemanage-common 3.3-1build2 la Common files for SELinux policy management libraries
libsemanage2 3.3-1build2 a SELinux policy management library
libsensors-config 1:3.6.0-7ubuntu1 la lm-sensors configuration files
libsensors5 1:3.6.0-7ubuntu1 a library to read temperature/voltage/fan sensors
libsepol2 3.3-1build1 a SELinux library for manipulating binary security policies
libsm6 2:1.2.3-1build2 a X11 Session Management library
libsmartcols1 2.37.2-4ubuntu3.5 a smart column output alignment library
libsqlite3-0 3.37.2-2ubuntu0.7 a SQLite 3 shared library
libss2 1.46.5-2ubuntu1.2 a command-line interface parsing library
libssh-4 0.9.6-2ubuntu0.22.04.7 a tiny C SSH library (OpenSSL flavor)
libssl3 3.0.2-0ubuntu1.26 a Secure Sockets Layer toolkit - shared libraries
libstdc++6 12.3.0-1ubuntu1~22.04.3 a GNU Standard C++ Library v3
libsystemd0 249.11-0ubuntu3.21 a systemd utility library
libtasn1-6 4.18.0-4ubuntu0.2 a Manage ASN.1 structures (runtime)
libtinfo6 6.3-2ubuntu0.2 a shared low-level terminfo library for terminal handling
libtirpc-common 1.3.2-2ubuntu0.1 la transport-independent RPC library - common files
libtirpc3 1.3.2-2ubuntu0.1 a transport-independent RPC library
libuchardet0 0.0.7-1build2 a universal charset detection library - shared library
libudev1 249.11-0ubuntu3.21 a libudev shared library
libunistring2 1.0-1 a Unicode string library for C
libunwind8 1.3.2-2build2.1 a library to determine the call-chain of a program - runtime
libuuid1 2.37.2-4ubuntu3.5 a Universally Unique ID library
libuv1 1.43.0-1ubuntu0.1 a asynchronous event notification library - runtime library
libwrap0 7.6.q-31build2 a Wietse Venema's TCP wrappers library
libx11-6 2:1.7.5-1ubuntu0.3 a X11 client-side library
libx11-data 2:1.7.5-1ubuntu0.3 a X11 client-side library
libxau6 1:1.0.9-1build5 a X11 authorisation library
libxaw7 2:1.0.14-1 a X11 Athena Widget library
libxcb1 1.14-3ubuntu3 a X C Binding
libxdmcp6 1:1.1.3-0ubuntu5 a X11 Display Manager Control Protocol library
libxext6 2:1.3.4-1build1 a X11 miscellaneous extension library
libxml2 2.9.13+dfsg-1ubuntu0.12 a GNOME XML library
libxmu6 2:1.1.3-3 a X11 miscellaneous utility library
libxpm4 1:3.5.12-1ubuntu0.22.04.3 a X11 pixmap library
libxt6 1:1.2.1-1 a X11 toolkit intrinsics library
libxtables12 1.8.7-1ubuntu5.2 a netfilter xtables library
libxxhash0 0.8.1-1 a shared library for xxhash
libyaml-0-2 0.2.2-1build2 a Fast YAML 1.1 parser and emitter library
libzstd1 1.4.8+dfsg-3build1 a fast lossless compression algorithm
locales 2.35-0ubuntu3.14 l GNU C Library: National Language (locale) data [support]
login 1:4.8.1-2ubuntu2.2 e system login tools
logsave 1.46.5-2ubuntu1.2 - save the output of a command in a log file
lsb-base 11.1.0ubuntu4 l Linux Standard Base init script functionality
lsb-release 11.1.0ubuntu4 l Linux Standard Base version reporting utility
lvm2 2.03.11-2.1ubuntu5 - Linux Logical Volume Manager
lxd-installer 1 l Wrapper to install lxd snap on demand
mawk 1.3.4.20200120-3 - Pattern scanning and text processing language
mdadm 4.2-0ubuntu1 - tool to administer Linux MD arrays (software RAID)
media-types 7.0.0 l List of standard media types and their usual file extension
mount 2.37.2-4ubuntu3.5 - tools for mounting and manipulating filesystems
multipath-tools 0.8.8-1ubuntu1.22.04.4 - maintain multipath block device access
ncal 12.1.7+nmu3ubuntu2 - display a calendar and the date of Easter
ncurses-base 6.3-2ubuntu0.2 le basic terminal type definitions
ncurses-bin 6.3-2ubuntu0.2 e terminal-related programs and man pages
needrestart 3.5-5ubuntu2 l check which daemons need to be restarted after library upgrades
netbase 6.3 l Basic TCP/IP networking system
netplan.io 0.104-0ubuntu2 - YAML network configuration abstraction for various backends
networkd-dispatcher 2.1-2ubuntu0.22.04.1 l Dispatcher service for systemd-networkd connection status changes
open-iscsi 2.1.5-1ubuntu1 - iSCSI initiator tools
openssh-client 1:8.9p1-3ubuntu0.16 - secure shell (SSH) client, for secure access to remote machines
openssh-server 1:8.9p1-3 - secure shell (SSH) server, for secure access from remote machines
openssh-sftp-server 1:8.9p1-3 - secure shell (SSH) sftp server module, for SFTP access from remote machines
openssl 3.0.2-0ubuntu1.26 - Secure Sockets Layer toolkit - cryptographic utility
packagekit 1.2.5-2ubuntu3 - Provides a package management service
passwd 1:4.8.1-2ubuntu2.2 - change and administer password and group data
perl 5.34.0-3ubuntu1.7 - Larry Wall's Practical Extraction and Report Language
perl-base 5.34.0-3ubuntu1.7 e minimal Perl system
perl-modules-5.34 5.34.0-3ubuntu1.7 la Core Perl modules
policykit-1 0.105-33 - transitional package for polkitd and pkexec
polkitd 0.105-33 - framework for managing administrative policies and privileges
pollinate 4.33-3ubuntu2 l seed the pseudo random number generator
procps 2:3.3.17-6ubuntu2.1 - /proc file system utilities
python-apt-common 2.3.0ubuntu2 la Python interface to libapt-pkg (locales)
python3 3.10.6-1~22.04.1 - interactive high-level object-oriented language (default python3 version)
python3-apt 2.3.0ubuntu2 a Python 3 interface to libapt-pkg
python3-botocore 1.23.34+repack-1 la Low-level, data-driven core of boto 3 (Python 3)
python3-certifi 2020.6.20-1 la root certificates for validating SSL certs and verifying TLS hosts (python3)
python3-chardet 4.0.0-1 la universal character encoding detector for Python3
python3-colorama 0.4.4-1 la Cross-platform colored terminal text in Python - Python 3.x
python3-distutils 3.10.4-0ubuntu1 la distutils package for Python 3.x
python3-docutils 0.17.1+dfsg-2 la text processing system for reStructuredText (implemented in Python 3)
python3-idna 3.3-1ubuntu0.2 la Python IDNA2008 (RFC 5891) handling (Python 3)
python3-jinja2 3.0.3-1 la small but fast and easy to use stand-alone template engine
python3-jmespath 0.10.0-1 la JSON Matching Expressions (Python 3)
python3-minimal 3.10.6-1~22.04.1 a minimal subset of the Python language (default python3 version)
python3-pkg-resources 59.6.0-1.2ubuntu0.22.04.3 la Package Discovery and Resource Access using pkg_resources
python3-pyasn1 0.4.8-1ubuntu0.2 la ASN.1 library for Python (Python 3 module)
python3-requests 2.25.1+dfsg-2ubuntu0.3 la elegant and simple HTTP library for Python3, built for human beings
python3-roman 3.3-1 la module for generating/analyzing Roman numerals for Python 3
python3-rsa 4.8-1 la Pure-Python RSA implementation (Python 3)
python3-s3transfer 0.5.0-1 la Amazon S3 Transfer Manager for Python3
python3-setuptools 59.6.0-1.2 la Python3 Distutils Enhancements
python3-six 1.16.0-3ubuntu1 la Python 2 and 3 compatibility library (Python 3 interface)
python3-software-properties 0.99.22 la manage the repositories that you install software from
python3-systemd 234-3ubuntu2 a Python 3 bindings for systemd
python3-urllib3 1.26.5-1~exp1ubuntu0.7 la HTTP library with thread-safe connection pooling for Python3
python3-yaml 5.4.1-1ubuntu1 a YAML parser and emitter for Python3
python3.10 3.10.12-1~22.04.16 a Interactive high-level object-oriented language (version 3.10)
python3.10-minimal 3.10.12-1~22.04.16 a Minimal subset of the Python language (version 3.10)
readline-common 8.1.2-1 la GNU readline and history libraries, common files
rsync 3.2.7-0ubuntu0.22.04.7 - fast, versatile, remote (and local) file-copying tool
sed 4.8-1ubuntu2.1 e GNU stream editor for filtering/transforming text
sensible-utils 0.0.17 l Utilities for sensible alternative selection
sgml-base 1.30 - SGML infrastructure and SGML catalog file support
snapd 2.55.3+22.04ubuntu1 - Daemon and tooling that enable snap packages
software-properties-common 0.99.22 la manage the repositories that you install software from (common)
squashfs-tools 1:4.5-3build1 - Tool to create and append to squashfs filesystems
ssh-import-id 5.11-0ubuntu1 l securely retrieve an SSH public key and install it locally
strace 5.16-0ubuntu3 - System call tracer
sudo 1.9.9-1ubuntu2 - Provide limited super user privileges to specific users
systemd 249.11-0ubuntu3 - system and service manager
systemd-sysv 249.11-0ubuntu3 - system and service manager - SysV compatibility symlinks
systemd-timesyncd 249.11-0ubuntu3 - minimalistic service to synchronize local time with NTP servers
sysvinit-utils 3.01-1ubuntu1 e System-V-like utilities
tar 1.34+dfsg-1ubuntu0.1.22.04.6 e GNU version of the tar archiving utility
tcpdump 4.99.1-3ubuntu0.2 - command-line network traffic analyzer
telnet 0.17-44build1 l basic telnet client
tzdata 2026c-0ubuntu0.22.04.1 l time zone and daylight-saving time data
ubuntu-keyring 2021.03.26 l GnuPG keys of the Ubuntu archive
ubuntu-release-upgrader-core 1:22.04.10 l ubuntu-release-upgrader-core
ubuntu-server-minimal 1.481 - Ubuntu Server minimal system
ucf 3.0043 l Update Configuration File(s): preserve user changes to config files
udev 249.11-0ubuntu3 - /dev/ and hotplug management daemon
unattended-upgrades 2.8ubuntu1 l automatic installation of security upgrades
usbutils 1:014-1build1 - Linux USB utilities
usrmerge 25ubuntu2 l Convert the system to the merged /usr directories scheme
util-linux 2.37.2-4ubuntu3.5 e miscellaneous system utilities
vim-common 2:8.2.3995-1ubuntu2.34 la Vi IMproved - Common files
wget 1.21.2-2ubuntu1 - retrieves files from the web
x11-common 1:7.7+23ubuntu2 a X Window System (X.Org) infrastructure
xfsprogs 5.13.0-1ubuntu2 - Utilities for managing the XFS filesystem
xml-core 0.18+nmu1 - XML infrastructure and XML catalog file support
xxd 2:8.2.3995-1ubuntu2 - tool to make (or reverse) a hex dump
xz-utils 5.2.5-2ubuntu1.1 - XZ-format compression utilities
zlib1g 1:1.2.11.dfsg-2ubuntu9.2 - compression library - runtime
zstd 1.4.8+dfsg-3build1 - fast lossless compression algorithm -- CLI tool
`;
