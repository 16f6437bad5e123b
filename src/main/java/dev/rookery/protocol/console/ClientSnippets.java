package dev.rookery.protocol.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first programs of the documentation page about clients, with the address of this server and a
 * device id in them. They are written there alone, where tests run those that they can.
 */
final class ClientSnippets {
  private static final String PAGE = "/docs/first-client.md";
  private static final String WRITTEN_BASE = "http://localhost:4000";

  /** What a client is made with. */
  enum Platform {
    JAVASCRIPT(
        "JavaScript",
        "JavaScript",
        "js",
        "javascript-client",
        "Paste it into the console of a browser, or save it as client.mjs and run it with Node 22"
            + " or newer."),
    GODOT(
        "Godot",
        "Godot 4",
        "gdscript",
        "OS.get_unique_id()",
        "Add it to a node of your scene. It needs no addon."),
    UNITY(
        "Unity",
        "Unity",
        "csharp",
        "SystemInfo.deviceUniqueIdentifier",
        "Save it as FirstClient.cs and put it on an object of your scene."),
    UNREAL(
        "Unreal",
        "Unreal Engine",
        "cpp",
        "*FPlatformMisc::GetDeviceId()",
        "Save it as FirstClient.h in your module, which needs HTTP, Json and WebSockets, and add"
            + " the component to an actor."),
    DEFOLD(
        "Defold",
        "Defold",
        "lua",
        "defold-client",
        "Attach it to an object. It needs the extension extension-websocket."),
    CURL(
        "curl",
        "curl",
        "sh",
        "curl-client",
        "Paste it into a shell. It signs in and opens a lobby; curl opens no socket.");

    private final String label;
    private final String heading;
    private final String language;
    private final String writtenDevice;
    private final String advice;

    Platform(String label, String heading, String language, String writtenDevice, String advice) {
      this.label = label;
      this.heading = heading;
      this.language = language;
      this.writtenDevice = writtenDevice;
      this.advice = advice;
    }

    /** The name in addresses. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    String label() {
      return label;
    }

    String advice() {
      return advice;
    }

    /** Returns the platform of a key; JavaScript if there is none. */
    static Platform of(String key) {
      return Arrays.stream(values())
          .filter(platform -> platform.key().equals(key))
          .findFirst()
          .orElse(JAVASCRIPT);
    }
  }

  private final Map<Platform, String> texts = new EnumMap<>(Platform.class);

  ClientSnippets() {
    String page = read();
    for (Platform platform : Platform.values()) {
      texts.put(platform, find(page, platform));
    }
  }

  /** Returns the program. */
  String text(Platform platform, String base, String device) {
    String quoted =
        switch (platform) {
          case GODOT, UNITY -> '"' + device + '"';
          case UNREAL -> "TEXT(\"" + device + "\")";
          case JAVASCRIPT, DEFOLD, CURL -> device;
        };
    return texts
        .getOrDefault(platform, "")
        .replace(platform.writtenDevice, quoted)
        .replace(WRITTEN_BASE, base);
  }

  /** The first block of the language below the heading. */
  private static String find(String page, Platform platform) {
    int from = page.indexOf("\n## " + platform.heading + "\n");
    Matcher block =
        Pattern.compile(
                "\n```" + platform.language + "(?: run[^\n]*)?\n(.*?\n)```\n", Pattern.DOTALL)
            .matcher(page);
    if (from < 0 || !block.find(from) || !block.group(1).contains(platform.writtenDevice)) {
      throw new IllegalStateException(PAGE + " has no program for " + platform.heading);
    }
    return block.group(1);
  }

  private static String read() {
    try (InputStream content = ClientSnippets.class.getResourceAsStream(PAGE)) {
      if (content == null) {
        throw new IllegalStateException(PAGE + " is not on the class path");
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
