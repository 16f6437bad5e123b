package dev.rookery.edge;

import dev.rookery.base.Text;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/**
 * Checks the form of a request. The server decodes forms leniently: it replaces what is not UTF-8,
 * so that different values become equal.
 */
public final class RequestForm {
  private static final String URL_ENCODED = "application/x-www-form-urlencoded";
  private static final char REPLACEMENT = '\ufffd';

  private RequestForm() {}

  /**
   * Whether the names and values of the form that {@link RequestBodyHandler} has read are what the
   * client sent. True for a request without a form.
   */
  public static boolean isValid(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null) {
      return true;
    }
    if (type.strip().toLowerCase(Locale.ROOT).startsWith(URL_ENCODED)) {
      Buffer body = context.body().buffer();
      return body == null || PercentEncoding.isValid(body.getBytes());
    }
    for (var field : context.request().formAttributes()) {
      if (!isDecoded(field.getKey()) || !isDecoded(field.getValue())) {
        return false;
      }
    }
    return true;
  }

  // The bytes of a multipart body are gone, so a replaced character cannot be told from a sent one.
  private static boolean isDecoded(String text) {
    return text.indexOf(REPLACEMENT) < 0 && Text.isWellFormed(text);
  }
}
