package dev.rookery.protocol.docs;

import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.TestNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation in a real browser: search, colour scheme, copy buttons, keyboard, phone. */
final class DocsBrowserIT {
  @Test
  void aReaderFindsReadsAndCopies(@TempDir Path profile) {
    try (var node = TestNode.start();
        var script =
            NodeScript.start(
                "docs.mjs",
                "http://127.0.0.1:" + node.port(),
                Chromium.path().toString(),
                profile.toString())) {
      script.assertSuccess();
    }
  }
}
