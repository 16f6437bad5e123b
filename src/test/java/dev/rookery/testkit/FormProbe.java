package dev.rookery.testkit;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows the links of pages, and submits each of their forms with each field missing and with
 * values that break parsers, columns or templates; the parameters of addresses get them too. Pages
 * of the same kind, whose addresses differ in numbers, are seen once. What is dangerous asks first
 * and is not confirmed.
 */
public final class FormProbe {
  private static final int PAGES_MAX = 300;
  private static final Pattern LINK = Pattern.compile("<a[^>]* href=\"([^\"#]+)");
  private static final Pattern FORM = Pattern.compile("(?s)<form([^>]*)>(.*?)</form>");
  private static final Pattern FIELD =
      Pattern.compile(
          "(?s)<(?:input|button)([^>]*)>|<textarea([^>]*)>(.*?)</textarea>"
              + "|<select([^>]*)>(.*?)</select>");
  private static final Pattern ATTRIBUTE = Pattern.compile("([a-z-]+)=\"([^\"]*)\"");
  private static final Pattern TOKEN =
      Pattern.compile("name=\"_csrf_token\" value=\"([A-Za-z0-9_-]+)\"");

  private static final List<String> VALUES =
      List.of(
          "",
          " \n",
          "x",
          "a\0b",
          "-1",
          "0",
          "9223372036854775808",
          "1e400",
          "+999999999-12-31T23:59:59Z",
          "{\"a\":[1e400]}",
          "[".repeat(2_000),
          "🎮".repeat(3_000),
          "\">{{x}}%00&#0;");

  /** Submits a form. */
  @FunctionalInterface
  public interface Submission {
    /**
     * @param fields alternating names and values
     */
    HttpResponse<String> post(String action, String csrfToken, String... fields);
  }

  /**
   * @param token null for a form that is sent with GET
   */
  private record Form(String action, String token, Map<String, String> fields) {}

  private final Function<String, HttpResponse<String>> loading;
  private final Submission submission;
  private final Predicate<String> allowed;
  private final Supplier<List<String>> problems;
  private final Set<String> seenPages = new LinkedHashSet<>();
  private final Set<String> seenForms = new LinkedHashSet<>();
  private final Deque<String> pages = new ArrayDeque<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * @param loading loads a page
   * @param allowed whether a path, with {@code #} for numbers, is visited or submitted to; not one
   *     that would end the session or the node
   * @param problems returns, and forgets, what was logged since the last time
   */
  public FormProbe(
      Function<String, HttpResponse<String>> loading,
      Submission submission,
      Predicate<String> allowed,
      Supplier<List<String>> problems) {
    this.loading = loading;
    this.submission = submission;
    this.allowed = allowed;
    this.problems = problems;
  }

  /** Begins at a page; returns the requests that were answered with an error of the server. */
  public List<String> run(String... first) {
    pages.addAll(List.of(first));
    while (!pages.isEmpty() && seenPages.size() < PAGES_MAX) {
      visit(pages.remove());
    }
    return faults;
  }

  /** The kinds of pages and forms that were found. */
  public Set<String> seen() {
    var all = new LinkedHashSet<>(seenPages);
    seenForms.forEach(form -> all.add("form " + form));
    return all;
  }

  private void visit(String address) {
    String path = address.split("\\?", 2)[0];
    if (!seenPages.add(kind(path))) {
      return;
    }
    HttpResponse<String> page = checked(address, loading.apply(address));
    if (page.statusCode() != 200) {
      return;
    }
    String body = page.body();
    var parameters = new LinkedHashSet<String>();
    Matcher links = LINK.matcher(body);
    while (links.find()) {
      String link = unescaped(links.group(1));
      if (link.startsWith("?")) {
        link = path + link;
      }
      String[] parts = link.split("\\?", 2);
      if (allowed.test(kind(parts[0]))) {
        pages.add(link);
      }
      if (parts.length == 2 && parts[0].equals(path)) {
        for (String parameter : parts[1].split("&", -1)) {
          parameters.add(parameter.split("=", 2)[0]);
        }
      }
    }
    for (String parameter : parameters) {
      VALUES.forEach(value -> get(path, Map.of(parameter, value)));
    }
    forms(path, body).forEach(this::probe);
  }

  private static List<Form> forms(String path, String body) {
    var all = new ArrayList<Form>();
    Matcher forms = FORM.matcher(body);
    while (forms.find()) {
      Map<String, String> attributes = attributes(forms.group(1));
      Matcher token = TOKEN.matcher(forms.group(2));
      boolean posted = "post".equals(attributes.get("method"));
      if (posted && !token.find()) {
        throw new AssertionError(path + " has a form without a CSRF token");
      }
      all.add(
          new Form(
              attributes.getOrDefault("action", path).split("\\?", 2)[0],
              posted ? token.group(1) : null,
              fields(forms.group(2))));
    }
    return all;
  }

  private static Map<String, String> fields(String form) {
    var fields = new LinkedHashMap<String, String>();
    Matcher all = FIELD.matcher(form);
    while (all.find()) {
      String tag = all.group(1) != null ? all.group(1) : all.group(2);
      Map<String, String> attributes = attributes(tag == null ? all.group(4) : tag);
      String name = attributes.get("name");
      if (name != null && !name.equals("_csrf_token")) {
        String value =
            all.group(3) != null
                ? unescaped(all.group(3))
                : all.group(5) != null
                    ? attributes(all.group(5)).getOrDefault("value", "")
                    : attributes.getOrDefault("value", "");
        fields.put(name, value);
      }
    }
    return fields;
  }

  private static Map<String, String> attributes(String tag) {
    var attributes = new LinkedHashMap<String, String>();
    Matcher all = ATTRIBUTE.matcher(tag);
    while (all.find()) {
      attributes.putIfAbsent(all.group(1), unescaped(all.group(2)));
    }
    return attributes;
  }

  private void probe(Form form) {
    String kind = kind(form.action());
    if (!allowed.test(kind) || !seenForms.add(kind + " " + form.fields().keySet())) {
      return;
    }
    for (String field : form.fields().keySet()) {
      var changed = new LinkedHashMap<>(form.fields());
      changed.remove(field);
      send(form, changed);
      for (String value : VALUES) {
        changed.put(field, value);
        send(form, changed);
      }
    }
    send(form, form.fields());
  }

  private void send(Form form, Map<String, String> fields) {
    if (form.token() == null) {
      get(form.action(), fields);
      return;
    }
    var all = new ArrayList<String>();
    fields.forEach((name, value) -> all.addAll(List.of(name, value)));
    checked(
        "POST " + form.action() + " " + fields,
        submission.post(form.action(), form.token(), all.toArray(String[]::new)));
  }

  private void get(String path, Map<String, String> parameters) {
    var query = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            query.append('&').append(encoded(name)).append('=').append(encoded(shortened(value))));
    String address = path + "?" + query.substring(Math.min(1, query.length()));
    checked(address, loading.apply(address));
  }

  private HttpResponse<String> checked(String request, HttpResponse<String> response) {
    List<String> logged = problems.get();
    if (response.statusCode() >= 500 || !logged.isEmpty()) {
      faults.add(shortened(request) + ": " + response.statusCode() + " " + logged);
    }
    return response;
  }

  private static String kind(String path) {
    return path.replaceAll("[0-9]+", "#");
  }

  /** An address is no place for much text. */
  private static String shortened(String text) {
    return text.length() > 500 ? text.substring(0, 500) : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
