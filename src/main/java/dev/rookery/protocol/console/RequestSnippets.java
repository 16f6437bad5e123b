package dev.rookery.protocol.console;

import io.vertx.core.json.Json;
import java.util.Arrays;
import java.util.Locale;

/** Programs that make one request, in the languages of clients. A token is never in them. */
final class RequestSnippets {
  /** A language, or an engine with one. */
  enum Language {
    CURL("curl"),
    JAVASCRIPT("JavaScript"),
    GODOT("Godot"),
    UNITY("Unity"),
    CSHARP("C#"),
    JAVA("Java");

    private final String label;

    Language(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the language of a key; curl if there is none. */
    static Language of(String key) {
      return Arrays.stream(values())
          .filter(language -> language.key().equals(key))
          .findFirst()
          .orElse(CURL);
    }
  }

  /**
   * A request.
   *
   * @param signedIn whether it has a token
   * @param body JSON; empty for none
   * @param bytes whether the body is a file in its place
   */
  record Request(String method, String url, boolean signedIn, String body, boolean bytes) {
    boolean hasBody() {
      return !body.isEmpty() || bytes;
    }

    String contentType() {
      return bytes ? "application/octet-stream" : "application/json";
    }
  }

  private RequestSnippets() {}

  static String of(Language language, Request request) {
    return switch (language) {
      case CURL -> curl(request);
      case JAVASCRIPT -> javascript(request);
      case GODOT -> godot(request);
      case UNITY -> unity(request);
      case CSHARP -> csharp(request);
      case JAVA -> java(request);
    };
  }

  private static String curl(Request request) {
    var text = new StringBuilder("curl");
    if (!request.method().equals("GET")) {
      text.append(" -X ").append(request.method());
    }
    text.append(' ').append(inShell(request.url()));
    if (request.signedIn()) {
      text.append(" \\\n  -H \"authorization: Bearer $TOKEN\"");
    }
    if (request.hasBody()) {
      text.append(" \\\n  -H 'content-type: ").append(request.contentType()).append('\'');
      text.append(" \\\n  ");
      text.append(request.bytes() ? "--data-binary @file" : "-d " + inShell(request.body()));
    }
    return text.append('\n').toString();
  }

  private static String inShell(String text) {
    return '\'' + text.replace("'", "'\\''") + '\'';
  }

  private static String quoted(String text) {
    return Json.encode(text);
  }

  private static String javascript(Request request) {
    var text = new StringBuilder("const response = await fetch(").append(quoted(request.url()));
    text.append(", {\n  method: ").append(quoted(request.method())).append(",\n  headers: {\n");
    if (request.signedIn()) {
      text.append("    authorization: `Bearer ${token}`,\n");
    }
    if (request.hasBody()) {
      text.append("    \"content-type\": ").append(quoted(request.contentType())).append(",\n");
    }
    text.append("  },\n");
    if (request.bytes()) {
      text.append("  body: file,\n");
    } else if (request.hasBody()) {
      text.append("  body: JSON.stringify(").append(request.body()).append("),\n");
    }
    return text.append("});\nconsole.log(response.status, await response.text());\n").toString();
  }

  private static String godot(Request request) {
    var text = new StringBuilder("var request := HTTPRequest.new()\nadd_child(request)\n");
    text.append("var headers := PackedStringArray()\n");
    if (request.signedIn()) {
      text.append("headers.append(\"Authorization: Bearer \" + token)\n");
    }
    if (request.hasBody()) {
      text.append("headers.append(\"Content-Type: ").append(request.contentType()).append("\")\n");
    }
    text.append(request.bytes() ? "request.request_raw(" : "request.request(")
        .append(quoted(request.url()))
        .append(", headers, HTTPClient.METHOD_")
        .append(request.method());
    if (request.bytes()) {
      text.append(", file");
    } else if (request.hasBody()) {
      text.append(", ").append(quoted(request.body()));
    }
    return text.append(")\n")
        .append("var result: Array = await request.request_completed\n")
        .append("print(result[1], \" \", result[3].get_string_from_utf8())\n")
        .toString();
  }

  private static String unity(Request request) {
    var text = new StringBuilder("using var request = new UnityWebRequest(");
    text.append(quoted(request.url())).append(", ").append(quoted(request.method())).append(");\n");
    text.append("request.downloadHandler = new DownloadHandlerBuffer();\n");
    if (request.hasBody()) {
      text.append("request.uploadHandler = new UploadHandlerRaw(")
          .append(
              request.bytes()
                  ? "file"
                  : "System.Text.Encoding.UTF8.GetBytes(" + quoted(request.body()) + ")")
          .append(");\n");
      text.append("request.SetRequestHeader(\"Content-Type\", ")
          .append(quoted(request.contentType()))
          .append(");\n");
    }
    if (request.signedIn()) {
      text.append("request.SetRequestHeader(\"Authorization\", \"Bearer \" + token);\n");
    }
    return text.append("yield return request.SendWebRequest();\n")
        .append("Debug.Log(request.responseCode + \" \" + request.downloadHandler.text);\n")
        .toString();
  }

  private static String csharp(Request request) {
    var text = new StringBuilder("using var client = new HttpClient();\n");
    text.append("using var request = new HttpRequestMessage(new HttpMethod(")
        .append(quoted(request.method()))
        .append("), ")
        .append(quoted(request.url()))
        .append(");\n");
    if (request.signedIn()) {
      text.append(
          "request.Headers.Authorization = new AuthenticationHeaderValue(\"Bearer\", token);\n");
    }
    if (request.bytes()) {
      text.append("request.Content = new ByteArrayContent(file);\n")
          .append("request.Content.Headers.ContentType =")
          .append(" new MediaTypeHeaderValue(\"application/octet-stream\");\n");
    } else if (request.hasBody()) {
      text.append("request.Content = new StringContent(")
          .append(quoted(request.body()))
          .append(", Encoding.UTF8, \"application/json\");\n");
    }
    return text.append("using var response = await client.SendAsync(request);\n")
        .append("Console.WriteLine((int)response.StatusCode + \" \"")
        .append(" + await response.Content.ReadAsStringAsync());\n")
        .toString();
  }

  private static String java(Request request) {
    var text = new StringBuilder("HttpRequest request =\n    HttpRequest.newBuilder(URI.create(");
    text.append(quoted(request.url())).append("))\n");
    if (request.signedIn()) {
      text.append("        .header(\"authorization\", \"Bearer \" + token)\n");
    }
    if (request.hasBody()) {
      text.append("        .header(\"content-type\", ")
          .append(quoted(request.contentType()))
          .append(")\n");
    }
    String body =
        request.bytes()
            ? "HttpRequest.BodyPublishers.ofByteArray(file)"
            : request.hasBody()
                ? "HttpRequest.BodyPublishers.ofString(" + quoted(request.body()) + ")"
                : "HttpRequest.BodyPublishers.noBody()";
    return text.append("        .method(")
        .append(quoted(request.method()))
        .append(", ")
        .append(body)
        .append(")\n        .build();\n")
        .append("HttpResponse<String> response =\n")
        .append("    HttpClient.newHttpClient()")
        .append(".send(request, HttpResponse.BodyHandlers.ofString());\n")
        .append("System.out.println(response.statusCode() + \" \" + response.body());\n")
        .toString();
  }
}
