package dev.rookery.protocol.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks configurations of reverse proxies, as far as this machine can. */
final class ServerConfigs {
  private static final Path NGINX = Path.of("/usr/sbin/nginx");

  private ServerConfigs() {}

  /** The braces match; a whole file of nginx is also read by nginx, where that is installed. */
  static void check(CodeBlock block) throws IOException, InterruptedException {
    int depth = 0;
    for (char c : block.text().toCharArray()) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth < 0) {
        break;
      }
    }
    if (depth != 0) {
      throw new AssertionError("has braces that do not match");
    }
    boolean whole = block.language().equals("nginx") && block.text().contains("http {");
    if (whole && Files.isExecutable(NGINX)) {
      readWithNginx(block);
    }
  }

  private static void readWithNginx(CodeBlock block) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("nginx");
    Path file = Files.writeString(folder.resolve("nginx.conf"), block.text());
    var nginx =
        new ProcessBuilder(
                NGINX.toString(),
                "-t",
                "-e",
                "stderr",
                "-p",
                folder.toString(),
                "-g",
                "pid nginx.pid;",
                "-c",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(nginx.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (nginx.waitFor() != 0) {
      throw new AssertionError("is refused by nginx: " + said);
    }
  }
}
