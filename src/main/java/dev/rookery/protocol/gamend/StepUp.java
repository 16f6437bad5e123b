package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.AccessKey;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Permission;
import dev.rookery.edge.RequestInfo;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requires more than a password for the operations whose permission {@linkplain
 * Permission#needsStepUp needs it}: an access key that may do them, or, where the server requires a
 * second factor of admins, a code of it in the header {@value #HEADER}. A code counts for five
 * minutes in its session, as it does in the console. Where the factor is optional, the token of a
 * sign-in suffices, as the contract has it.
 */
final class StepUp {
  static final String HEADER = "X-Admin-Code";

  private static final CharSequence CODE = HttpHeaders.createOptimized("x-admin-code");
  private static final int CODE_MAX = 100;

  private static final Map<String, ErrorShape> ERRORS =
      Map.of(
          "admin_code_required",
          error(
              403,
              "admin_code_required",
              "This needs your second factor. Send a code of your app, a recovery code, or the code"
                  + " that My account in the console makes for your passkey, in the header "
                  + HEADER
                  + ", or use an access key that may do dangerous actions."),
          "admin_factor_required",
          error(
              403,
              "admin_factor_required",
              "This needs a second factor, and you have none. Set it up at /admin/factor."),
          "invalid_code",
          error(
              403,
              "invalid_code",
              "The code in " + HEADER + " is wrong or was used before. Nothing was changed."),
          "access_key_not_dangerous",
          error(
              403,
              "access_key_not_dangerous",
              "This access key may not do dangerous actions. Create one that may, or sign in."),
          "access_key_address",
          error(
              403,
              "access_key_address",
              "This access key is not valid from your address. Its networks are on /admin/keys."));

  private final Bus bus;

  StepUp(Bus bus) {
    this.bus = bus;
  }

  /** Fails if the session may not do what needs a second factor with this request. */
  Future<Done> require(RoutingContext context, Session session) {
    AccessKey.Rights key = session.key();
    if (key != null) {
      return key.dangerous()
          ? Future.succeededFuture(Done.DONE)
          : Future.failedFuture(Refused.denied("access_key_not_dangerous"));
    }
    String header = context.request().getHeader(CODE);
    String code = header == null || header.length() > CODE_MAX ? "" : header;
    String agent = context.request().getHeader(HttpHeaders.USER_AGENT);
    RequestInfo info = RequestInfo.of(context);
    var client =
        new ConsoleCommand.Browser(
            info.clientAddress(), agent == null ? "" : agent, info.requestId());
    return bus.ask(new ConsoleCommand.ProveFactor(session.player(), session.id(), code, client));
  }

  /** The header as a parameter of the API document. */
  static JsonObject parameter() {
    return new JsonObject()
        .put("name", HEADER)
        .put("in", "header")
        .put(
            "description",
            "A code of your app, a recovery code, or one that My account in the console makes,"
                + " where the server requires a second factor. It counts for five minutes in your"
                + " session.")
        .put("schema", JsonObject.of("type", "string", "maxLength", CODE_MAX));
  }

  /** The error for a refusal that is about keys and codes; null for any other. */
  static @Nullable ErrorShape error(Refusal refusal) {
    return ERRORS.get(refusal.code());
  }

  private static ErrorShape error(int status, String code, String message) {
    return new ErrorShape(status, code, message, null, null);
  }
}
