package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.CallOutcome.Failed;
import dev.rookery.extensionhost.CallOutcome.Rejected;
import dev.rookery.extensionhost.CallOutcome.Returned;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.FunctionListing;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lists and calls functions of extensions (Gamend HTTP contract, section 16). */
final class HookRoutes {
  /** The maximum size of the arguments of a call, as JSON in UTF-8. */
  static final int ARGS_BYTES_MAX = 64 << 10;

  private static final int ARGS_MAX = 32;
  private static final String ARGS = "args";
  private static final String PLUGIN_NOT_FOUND = "plugin_not_found";
  private static final String UNEXPECTED = "unexpected_error";

  /** Reasons of a function that mean the same as the server's own errors. */
  private static final Set<String> SHOWN =
      Set.of("not_implemented", "timeout", "missing_hooks_module");

  private final ExtensionHost extensions;

  HookRoutes(ExtensionHost extensions) {
    this.extensions = extensions;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_hooks", this::list);
    routes.put("call_hook", this::call);
  }

  private Future<Response> list(ApiRequest request) {
    var data = new JsonArray();
    extensions.clientCalls().functions().forEach(function -> data.add(view(function)));
    return Future.succeededFuture(Response.ok(JsonObject.of("data", data)));
  }

  private static JsonObject view(FunctionListing function) {
    var arities = new JsonArray();
    var signatures = new JsonArray();
    for (FunctionListing.Signature signature : function.signatures()) {
      arities.add(signature.arity());
      signatures.add(
          new JsonObject()
              .put("arity", signature.arity())
              .put("signature", signature.text())
              .put("doc", signature.description())
              .put("example_args", signature.exampleArgs()));
    }
    var view =
        new JsonObject()
            .put("plugin", function.extension())
            .put("name", function.name())
            .put("dynamic", function.dynamic())
            .put("arities", arities)
            .put("signatures", signatures);
    return function.dynamic() ? view.put("meta", function.meta()) : view;
  }

  private Future<Response> call(ApiRequest request) {
    var in = request.input();
    Object value = in.any(ARGS);
    boolean sent = value != null || Params.body(request.context()).containsKey(ARGS);
    var call =
        new HookCall(
            in.textOrEmpty("plugin"), in.textOrEmpty("fn"), HookCall.arguments(sent, value));
    checkSize(call.arguments());
    if (call.isReserved()) {
      throw Refused.conflict(HookCall.RESERVED);
    }
    return call.run(extensions, request.player()).map(HookRoutes::response);
  }

  private static void checkSize(List<?> arguments) {
    if (arguments.size() > ARGS_MAX) {
      throw new Refused(new Refusal.Denied("too_many_args", Map.of("max", ARGS_MAX)));
    }
    if (!arguments.isEmpty() && new JsonArray(arguments).toBuffer().length() > ARGS_BYTES_MAX) {
      throw new Refused(new Refusal.Denied("args_too_large", Map.of("max_bytes", ARGS_BYTES_MAX)));
    }
  }

  private static Response response(CallOutcome outcome) {
    return switch (outcome) {
      case Returned(var value) -> Response.ok(new JsonObject().put("data", value));
      case Rejected(var reason) ->
          throw Refused.conflict(
              reason.equals("not_found")
                  ? PLUGIN_NOT_FOUND
                  : SHOWN.contains(reason) ? reason : UNEXPECTED);
      case Failed(var failure) ->
          throw switch (failure) {
            case EXTENSION_NOT_FOUND -> Refused.conflict(PLUGIN_NOT_FOUND);
            case MISSING_HOOKS_MODULE -> Refused.conflict("missing_hooks_module");
            case NOT_IMPLEMENTED -> Refused.conflict("not_implemented");
            case TIMEOUT -> Refused.conflict("timeout");
            case EXCEPTION -> Refused.conflict(UNEXPECTED);
            case UNENCODABLE -> new Refused(new Refusal.Unavailable("internal"));
            case BUSY -> new Refused(new Refusal.Unavailable("busy"));
          };
    };
  }
}
