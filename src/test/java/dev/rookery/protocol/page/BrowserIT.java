package dev.rookery.protocol.page;

import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.TestMailServer;
import dev.rookery.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of an account on the pages, in a real browser and with a real mail server. */
final class BrowserIT {
  private static final Pattern LINK = Pattern.compile("https?://\\S+");
  private static final String EMAIL = "ann@example.com";

  @Test
  void wholeAccountLifecycleWorksInChromium(@TempDir Path profile, @TempDir Path links)
      throws IOException {
    try (var mail = TestMailServer.start()) {
      var environment = new HashMap<>(mail.environment());
      environment.put("PHX_HOST", "127.0.0.1");
      try (var node = TestNode.start(Databases.sqlite(), environment)) {
        node.post("/api/v1/login/device", "{\"device_id\":\"the first of all\"}");
        try (var script =
            NodeScript.start(
                "pages.mjs",
                "http://127.0.0.1:" + node.port(),
                Chromium.path().toString(),
                profile.toString(),
                links.toString())) {
          // Between the two the script works through pages for longer than an email may take.
          script.await(() -> mail.to(EMAIL).size() == 1);
          writeLink(links, "confirm", mail.await(EMAIL, 1).text());
          script.await(() -> mail.to(EMAIL).size() == 2);
          writeLink(links, "reset", mail.await(EMAIL, 2).text());
          script.assertSuccess();
        }
      }
    }
  }

  /** Writes the link of an email where the script waits for it. */
  private static void writeLink(Path folder, String name, String text) throws IOException {
    Matcher link = LINK.matcher(text);
    if (!link.find()) {
      throw new AssertionError("no link in " + text);
    }
    Path written = Files.writeString(folder.resolve(name + ".new"), link.group());
    Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
