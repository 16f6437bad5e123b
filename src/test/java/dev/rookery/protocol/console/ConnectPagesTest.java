package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.console.ClientSnippets.Platform;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The page for a first client, with the programs that it shows. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class ConnectPagesTest {
  // JUnit passes the database to the constructor as well.
  ConnectPagesTest(Databases.TestDatabase database) {}

  private static final String PATH = "/admin/connect";
  private static final Pattern PROGRAM =
      Pattern.compile("<pre class=\"code\" id=\"program\"[^>]*>(.*?)</pre>", Pattern.DOTALL);

  private static TestNode node;
  private static ConsoleBrowser admin;

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    node = TestNode.start(database);
    admin = ConsoleBrowser.signIn(node, "owner@example.com");
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
  }

  private static String open(String tab) {
    return admin.get(PATH + "?tab=" + tab).headers().firstValue("location").orElseThrow();
  }

  private static String program(String page) {
    Matcher program = PROGRAM.matcher(admin.get(page).body());
    assertThat(program.find()).isTrue();
    return ConsoleBrowser.unescaped(program.group(1));
  }

  private static String device(String page) {
    return page.substring(page.indexOf("device=") + "device=".length());
  }

  /** Returns the badges of the steps: signed in, socket open, in a lobby. */
  private static List<String> steps(String page) {
    return Pattern.compile("<li><span class=\"badge[^>]*>(done|waiting)</span>")
        .matcher(admin.get(page).body())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void showsThatTheJavaScriptClientSignedInAndOpenedASocket(@TempDir Path folder)
      throws IOException {
    String page = open("javascript");
    String program = program(page);
    assertThat(program).contains("http://127.0.0.1:" + node.port(), device(page));
    assertThat(steps(page)).containsExactly("waiting", "waiting", "waiting");
    Path file = Files.writeString(folder.resolve("client.mjs"), program);
    Path preload = Path.of("src/test/node/docs-example.mjs").toAbsolutePath();
    Process client = start(folder, "node", "--import", preload.toUri().toString(), file.toString());
    try {
      Eventually.holds(() -> steps(page).equals(List.of("done", "done", "waiting")));
      assertThat(admin.get(page).body()).contains("Your client is player");
    } finally {
      client.destroy();
    }
    Eventually.holds(() -> steps(page).equals(List.of("done", "waiting", "waiting")));
  }

  @Test
  void showsThatTheCurlClientOpenedALobby(@TempDir Path folder) throws Exception {
    String page = open("curl");
    Path file = Files.writeString(folder.resolve("client.sh"), program(page));
    assertThat(start(folder, "bash", file.toString()).waitFor()).isZero();
    assertThat(steps(page)).containsExactly("done", "waiting", "done");
  }

  private static Process start(Path folder, String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "output"))
        .start();
  }

  @Test
  void putsAddressAndDeviceIntoTheProgramsOfAllEngines() {
    for (Platform platform : Platform.values()) {
      String page = open(platform.key());
      assertThat(program(page))
          .as(platform.key())
          .contains("http://127.0.0.1:" + node.port(), "try-")
          .doesNotContain("localhost", "GetDeviceId", "get_unique_id", "deviceUniqueIdentifier");
    }
  }

  @Test
  void saysWhatWasWrongWithRefusedRequests() {
    String page = open("godot");
    node.send("POST", "/api/v1/login/devise", "{}");
    node.get("/api/v1/me");
    node.get("/socket/websocket?vsn=9.9");
    RawSocket.handshake(node.port(), "/socket/websocket?vsn=2.0.0&token=forged");
    assertThat(admin.get(page).body())
        .contains("/api/v1/login/devise", "There is nothing at this path")
        .contains("The request has no token")
        .contains("The protocol version (vsn) is unknown")
        .contains("The token is not valid")
        .doesNotContain("forged");
  }

  @Test
  void findsNoPlayerByADeviceIdOfSomebodyElse() {
    node.post("/api/v1/login/device", "{\"device_id\":\"phone of eve\"}");
    assertThat(admin.get(PATH + "?device=phone+of+eve").statusCode()).isEqualTo(303);
  }
}
