/** Questions about ports that are answered wrongly in many places, answered. */
import type { Folklore } from './what-if/model.ts';

export const FOLKLORE: readonly Folklore[] = [
  {
    id: 'tcp-fin-timeout',
    question: 'Does tcp_fin_timeout shorten TIME_WAIT?',
    answer: 'No.',
    really:
      'It sets how long an orphaned connection waits in FIN_WAIT_2 for the other side’s FIN. Linux TIME_WAIT is a constant of 60 s; with tcp_fin_timeout at 5, 30, 60 and 120 it was measured at 60.8 s each time. Lowering it helps only when the other side does not close.',
    source: 'Documentation/networking/ip-sysctl.rst; net/ipv4/tcp_minisocks.c; measured on 6.18',
  },
  {
    id: 'range-61000',
    question: 'Does ip_local_port_range 32768–61000 give more ports?',
    answer: 'One more.',
    really:
      'The default ends at 60999: 28,233 instead of 28,232 ports, 0.0035%. The count becomes odd, of which the kernel warns once. On kernels before 4.2 it is the default and changes nothing.',
    source: 'commit 07f4c90062f8 (4.2); Documentation/networking/ip-sysctl.rst',
  },
  {
    id: 'netsh-dynamicport',
    question: 'Does netsh … set dynamicport change TIME_WAIT?',
    answer: 'No.',
    really:
      'It sets the port range: start=10000 num=50000 is 10000–59999, 50,000 ports. Nothing about TIME_WAIT; at 120 s that holds 416/s instead of 136/s, because there are more ports.',
    source: 'Microsoft KB 929851; TCP/IP port exhaustion troubleshooting',
  },
  {
    id: 'range-1024-65535',
    question: 'Should the range be raised to 1024–65535?',
    answer: 'It helps, with care.',
    really:
      'It more than doubles the ports (64,512; 1,075/s). But an outgoing connection can then take the port of a service that restarts (8080, 9100, 15432): put those in ip_local_reserved_ports first. Firewalls that expect source ports from 32768 may drop the others. It is set in each network namespace apart.',
    source: 'Documentation/networking/ip-sysctl.rst; measured on 6.18',
  },
  {
    id: 'tcp-timed-wait-delay',
    question: 'Does TcpTimedWaitDelay shorten TIME_WAIT on Windows?',
    answer: 'Up to Server 2003, after a restart; later it is unproven.',
    really:
      'The registry value takes 30–300 s and needs a restart. For Windows 10, 11 and Server 2016 or later no primary source says that it is honoured: measure TIME_WAIT afterwards.',
    source: 'Microsoft KB 314053; TechNet cc938217',
  },
  {
    id: 'max-user-port',
    question: 'Does MaxUserPort widen the range on today’s Windows?',
    answer: 'Do not rely on it.',
    really:
      'It is the setting of Windows before Vista. Since then the range is set with netsh int ipv4 set dynamicport.',
    source: 'Microsoft KB 929851',
  },
  {
    id: 'tw-recycle',
    question: 'Does tcp_tw_recycle help?',
    answer: 'It no longer exists.',
    really:
      'Removed in Linux 4.12: it dropped connections of clients behind NAT. Where a text recommends it, the text is old.',
    source: 'Linux 4.12, commit 4396e46187ca',
  },
  {
    id: 'tw-reuse',
    question: 'Does tcp_tw_reuse help?',
    answer: 'Yes, at 1, for outgoing connections.',
    really:
      'The default 2 works for loopback only. It needs TCP timestamps on both ends; a port can then be used again after 1 s (tcp_tw_reuse_delay since 6.14) instead of 60 s. TIME_WAIT counts stay high and are harmless.',
    source: 'Documentation/networking/ip-sysctl.rst; measured on 6.18: 100 ports, 100.0/s',
  },
  {
    id: 'so-linger-0',
    question: 'Does SO_LINGER with 0 seconds avoid TIME_WAIT?',
    answer: 'Yes, by breaking the connection.',
    really:
      'close() then sends RST: data not yet delivered is lost, the other side sees ECONNRESET even after a complete answer, and late segments may reach a new connection on the same ports. For load generators and health checks only; better let the server close first.',
    source: 'RFC 9293, section 3.6; measured on 6.18',
  },
  {
    id: 'max-tw-buckets',
    question: 'Should tcp_max_tw_buckets be lowered?',
    answer: 'No.',
    really:
      'Above it a closing socket skips TIME_WAIT, without an error and without its protection; only TCPTimeWaitOverflow counts it. It is meant against attacks.',
    source: 'Documentation/networking/ip-sysctl.rst; measured on 6.18',
  },
  {
    id: 'ss-listeners',
    question: 'Does ss -tulnp | wc -l count the ports in use?',
    answer: 'No.',
    really:
      'It counts listening sockets, all UDP sockets and the heading. With 311 sockets in TIME_WAIT it said 19. Count local ports inside the range by destination: fourtuple check does.',
    source: 'ss(8); measured on 6.18',
  },
];
