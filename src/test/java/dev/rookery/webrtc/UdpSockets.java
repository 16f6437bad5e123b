package dev.rookery.webrtc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The UDP sockets of a process, from Linux's {@code /proc}. */
final class UdpSockets {
  private static final int INODE = 9;

  private UdpSockets() {}

  /** Their inodes. */
  static Set<String> ofThisProcess() {
    return of("self");
  }

  static Set<String> of(String process) {
    try {
      var all = new HashSet<String>();
      for (String table : List.of("udp", "udp6")) {
        Files.readAllLines(Path.of("/proc/" + process + "/net/" + table)).stream()
            .skip(1)
            .map(line -> line.strip().split("\\s+", -1)[INODE])
            .forEach(all::add);
      }
      all.retainAll(openSockets(process));
      return all;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Set<String> openSockets(String process) throws IOException {
    var open = new HashSet<String>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/" + process + "/fd"))) {
      for (Path descriptor : descriptors) {
        String target = target(descriptor);
        if (target.startsWith("socket:[")) {
          open.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    }
    return open;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException _) {
      // It was closed meanwhile.
      return "";
    }
  }
}
