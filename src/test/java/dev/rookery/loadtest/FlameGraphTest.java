package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.loadtest.FlameGraph.Box;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlameGraphTest {
  @Test
  void namesMethodsOfTheProductAndLibraries() {
    assertThat(FlameGraph.name("dev.rookery.bus.Bus", "send")).isEqualTo("Bus.send");
    assertThat(FlameGraph.name("dev.rookery.bus.Bus$Command", "lambda$run$3"))
        .isEqualTo("Bus.Command.run");
    assertThat(FlameGraph.name("dev.rookery.bus.Bus$$Lambda.0x0001", "apply"))
        .isEqualTo("Bus.apply");
    assertThat(FlameGraph.name("io.netty.channel.Channel", "read")).isEqualTo("Netty");
    assertThat(FlameGraph.name("org.example.deep.Thing", "work")).isEqualTo("org.example");
  }

  @Test
  void drawsEachBoxAsWideAsItsPart() {
    var whole = new Box("all");
    for (int i = 0; i < 3; i++) {
      whole.add(List.of("Netty", "Bus.send"));
    }
    whole.add(List.of("JDK"));
    String svg = FlameGraph.draw(whole, "Calls & <answers>");
    assertThat(svg)
        .startsWith("<svg ")
        .contains("<title>Calls &amp; &lt;answers&gt;</title>")
        .contains("<title>all, 100.0 %</title>")
        .contains("<title>Netty, 75.0 %</title>")
        .contains("<title>Bus.send, 75.0 %</title>")
        .contains("<title>JDK, 25.0 %</title>")
        .contains("width=\"885.0\"")
        .contains("width=\"295.0\"");
  }

  @Test
  void leavesOutWhatIsTooNarrowToSee() {
    var whole = new Box("all");
    for (int i = 0; i < 999; i++) {
      whole.add(List.of("Bus.send"));
    }
    whole.add(List.of("Bus.once"));
    assertThat(FlameGraph.draw(whole, "Calls")).contains("Bus.send").doesNotContain("Bus.once");
  }

  @Test
  void readsSamplesOfARecording(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("recording.jfr");
    Box whole;
    do {
      try (var recording = new Recording()) {
        recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(1));
        recording.start();
        spin();
        recording.dump(file);
      }
      whole = FlameGraph.read(file);
    } while (whole.samples() == 0);
    assertThat(FlameGraph.draw(whole, "Calls")).contains("FlameGraphTest.spin");
  }

  private static void spin() {
    long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
    double sum = 0;
    while (System.nanoTime() < end) {
      sum += Math.sin(sum);
    }
    assertThat(sum).isNotNaN();
  }
}
