package dev.rookery.protocol.console;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.extensionhost.FunctionListing;
import dev.rookery.protocol.console.ApiOperation.Parameter;
import dev.rookery.protocol.console.RequestSnippets.Language;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;

/**
 * The API document as pages: the operations by tag, and each as a form with programs that make the
 * request. What was typed is in the address, but for secrets, so that it can be sent as a link. A
 * script sends requests from the browser, with a token of the admin or of a test player that ends
 * after 15 minutes and is kept by the open page alone.
 */
final class ExplorerPages implements ConsoleSection {
  static final String PATH = "/admin/explorer";

  /** The form by which scripts get a token of the admin. */
  static final String TOKEN = PATH + "/token";

  private static final String CALL_HOOK = "call_hook";
  private static final String AS = "as";
  private static final int FOUND_MAX = 100;
  private static final int VALUE_MAX = 4_000;

  /** As whom a request is sent. */
  enum Caller {
    ME("Me", "me"),
    TEST_1("Test player 1", "1"),
    TEST_2("Test player 2", "2"),
    NOBODY("Nobody", "nobody");

    private final String label;
    private final String key;

    Caller(String label, String key) {
      this.label = label;
      this.key = key;
    }
  }

  /** A choice of a select box. */
  record Choice(String key, String label, boolean chosen) {}

  /** A field of the form of an operation, with what was typed. */
  record Field(Parameter parameter, String value) {}

  /** An operation in a list, perhaps with values. */
  record Entry(String method, String text, String summary, String permission, String href) {}

  private final Bus bus;
  private final Changes changes;
  private final ServerAddress address;
  private final Supplier<List<FunctionListing>> functions;

  /**
   * @param functions the functions of extensions that clients call
   */
  ExplorerPages(
      Bus bus, Changes changes, ServerAddress address, Supplier<List<FunctionListing>> functions) {
    this.bus = bus;
    this.changes = changes;
    this.address = address;
    this.functions = functions;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.CODE, "API explorer", PATH, "e", Permission.EXPLORER_USE));
    console.page(PATH, Permission.EXPLORER_USE, this::index);
    console.action(TOKEN, Permission.EXPLORER_USE, this::ownToken);
    console.page(PATH + "/:operation", Permission.EXPLORER_USE, this::operation);
  }

  /** Returns the links of the page of a thing, and one to the request that reads it. */
  static List<Link> withApi(ConsoleRequest request, List<Link> links, String operation, long id) {
    if (!request.may(Permission.EXPLORER_USE)) {
      return links;
    }
    var all = new ArrayList<>(links);
    all.add(new Link("API", PATH + "/" + operation + "?p.id=" + id));
    return List.copyOf(all);
  }

  private Future<ConsoleView> ownToken(ConsoleRequest request) {
    return changes
        .make(
            request,
            new AuthCommand.OpenOwnSession(request.admin().player(), request.client()),
            "console_create_own_token",
            "users/" + request.admin().player().value())
        .map(token -> new ConsoleView.Data(TestPlayerPages.json(token)));
  }

  /** The first request reads the document, which takes long. */
  private static Future<ApiOperations> operations(ConsoleRequest request) {
    return request.context().vertx().executeBlocking(ApiOperations::shared, false);
  }

  private Future<ConsoleView> index(ConsoleRequest request) {
    return operations(request).map(operations -> index(request, operations));
  }

  private ConsoleView index(ConsoleRequest request, ApiOperations operations) {
    String words = request.query("q").strip();
    String asked = request.query("tag");
    String tag =
        operations.tags().containsKey(asked) ? asked : operations.tags().keySet().iterator().next();
    List<ApiOperation> found =
        words.isEmpty() ? operations.withTag(tag) : operations.search(words, FOUND_MAX);
    var model = new HashMap<String, Object>();
    model.put("words", words);
    model.put(
        "tabs",
        operations.tags().keySet().stream()
            .map(
                one ->
                    new RecordPage.Tab(
                        one, PATH + "?tag=" + encoded(one), words.isEmpty() && one.equals(tag)))
            .toList());
    model.put("about", words.isEmpty() ? operations.tags().getOrDefault(tag, "") : "");
    model.put("entries", found.stream().map(ExplorerPages::entry).toList());
    model.put("functions", words.isEmpty() && !tag.equals("Hooks") ? List.of() : functions(words));
    return ConsoleView.page("explorer", "API explorer", model);
  }

  private static Entry entry(ApiOperation operation) {
    return new Entry(
        operation.method(),
        operation.path(),
        operation.summary(),
        operation.permission(),
        PATH + "/" + operation.id());
  }

  /** The functions of extensions, each as a call with its example. */
  private List<Entry> functions(String words) {
    var entries = new ArrayList<Entry>();
    for (FunctionListing function : functions.get()) {
      for (FunctionListing.Signature signature : function.signatures()) {
        String text = function.extension() + "." + signature.text();
        String example = signature.exampleArgs();
        if (text.contains(words) && entries.size() < FOUND_MAX) {
          entries.add(
              new Entry(
                  "RPC",
                  text,
                  signature.description() == null ? "" : signature.description(),
                  "",
                  PATH
                      + "/"
                      + CALL_HOOK
                      + "?b.plugin="
                      + encoded(function.extension())
                      + "&b.fn="
                      + encoded(function.name())
                      + "&b.args="
                      + encoded(example == null ? "[]" : example)));
        }
      }
    }
    return List.copyOf(entries);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Future<ConsoleView> operation(ConsoleRequest request) {
    return operations(request)
        .map(
            operations ->
                operations
                    .find(request.path("operation"))
                    .orElseThrow(() -> Refused.missing("page_not_found")))
        .map(operation -> operation(request, operation));
  }

  private ConsoleView operation(ConsoleRequest request, ApiOperation operation) {
    List<Field> fields =
        operation.parameters().stream()
            .map(parameter -> new Field(parameter, value(request, parameter)))
            .toList();
    Language language = Language.of(request.query("lang"));
    String as = as(request, operation);
    var sent = request(request, operation, fields, !as.equals(Caller.NOBODY.key));
    var model = new HashMap<String, Object>();
    model.put("operation", operation);
    model.put("tagHref", PATH + "?tag=" + encoded(operation.tag()));
    model.put("permitted", isPermitted(request, operation));
    model.put("fields", fields);
    model.put("callers", callers(request, as));
    model.put(
        "languages",
        Arrays.stream(Language.values())
            .map(one -> new Choice(one.key(), one.label(), one == language))
            .toList());
    model.put("snippet", RequestSnippets.of(language, sent));
    return ConsoleView.page("operation", operation.summary(), model);
  }

  private static boolean isPermitted(ConsoleRequest request, ApiOperation operation) {
    return operation.permission().isEmpty()
        || operation.permission().equals(ApiOperation.ANY)
        || Permission.of(operation.permission()).filter(request::may).isPresent();
  }

  private static String value(ConsoleRequest request, Parameter parameter) {
    String value = parameter.isSecret() ? "" : request.query(parameter.field());
    return value.length() > VALUE_MAX ? value.substring(0, VALUE_MAX) : value;
  }

  /** As whom the request is sent: what was chosen, or who can. */
  private static String as(ConsoleRequest request, ApiOperation operation) {
    String asked = request.query(AS);
    boolean known = Arrays.stream(Caller.values()).anyMatch(caller -> caller.key.equals(asked));
    if (known) {
      return asked;
    }
    if (!operation.signedIn()) {
      return Caller.NOBODY.key;
    }
    return operation.permission().isEmpty() && request.may(Permission.PLAYERS_TEST)
        ? Caller.TEST_1.key
        : Caller.ME.key;
  }

  private static List<Choice> callers(ConsoleRequest request, String as) {
    return Arrays.stream(Caller.values())
        .filter(
            caller ->
                caller == Caller.ME
                    || caller == Caller.NOBODY
                    || request.may(Permission.PLAYERS_TEST))
        .map(caller -> new Choice(caller.key, caller.label, caller.key.equals(as)))
        .toList();
  }

  private RequestSnippets.Request request(
      ConsoleRequest request, ApiOperation operation, List<Field> fields, boolean signedIn) {
    String path = operation.path();
    var query = new StringBuilder();
    var body = new StringBuilder();
    for (Field field : fields) {
      Parameter parameter = field.parameter();
      String value = shown(field);
      if (parameter.location().equals("path")) {
        path =
            path.replace(
                "{" + parameter.name() + "}",
                value.isEmpty()
                    ? "{" + parameter.name() + "}"
                    : encoded(value).replace("+", "%20"));
      } else if (!value.isEmpty() && parameter.location().equals("query")) {
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(encoded(parameter.name()))
            .append('=')
            .append(encoded(value));
      } else if (!value.isEmpty()) {
        body.append(body.isEmpty() ? "{" : ", ")
            .append(Json.encode(parameter.name()))
            .append(": ")
            .append(json(parameter, value));
      }
    }
    return new RequestSnippets.Request(
        operation.method(),
        address.of(request) + path + query,
        signedIn,
        body.isEmpty() ? "" : body.append('}').toString(),
        operation.bytes());
  }

  /** The value of a field; of a required one that is empty, its name as a placeholder. */
  private static String shown(Field field) {
    Parameter parameter = field.parameter();
    if (!field.value().isEmpty() || !parameter.required() || parameter.location().equals("path")) {
      return field.value();
    }
    return switch (parameter.type()) {
      case "integer", "number" -> "0";
      case "boolean" -> "true";
      case "array" -> "[]";
      case "object" -> "{}";
      default -> parameter.options().isEmpty() ? parameter.name() : parameter.options().getFirst();
    };
  }

  /** The value as JSON: what is none, or no text, stands as a text. */
  private static String json(Parameter parameter, String value) {
    if (parameter.isText()) {
      return Json.encode(value);
    }
    try {
      return Json.encode(Json.decodeValue(Buffer.buffer(value)));
    } catch (DecodeException _) {
      return Json.encode(value);
    }
  }
}
