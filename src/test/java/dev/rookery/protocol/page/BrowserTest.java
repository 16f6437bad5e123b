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

/** A person's whole life with the pages, in a real browser and with real letters. */
final class BrowserTest {
  private static final Pattern LINK = Pattern.compile("Or go to (\\S+)");
  private static final String EMAIL = "ann@example.com";

  @Test
  void somebodyComesAndGoes(@TempDir Path profile, @TempDir Path letters) throws IOException {
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
                letters.toString())) {
          hand(letters, "confirm", mail.await(EMAIL, 1).text());
          hand(letters, "reset", mail.await(EMAIL, 2).text());
          script.assertSuccess();
        }
      }
    }
  }

  /** Leaves the link where the script looks for it. */
  private static void hand(Path folder, String name, String letter) throws IOException {
    Matcher link = LINK.matcher(letter);
    if (!link.find()) {
      throw new AssertionError("no link in " + letter);
    }
    Path whole = Files.writeString(folder.resolve(name + ".new"), link.group(1));
    Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
