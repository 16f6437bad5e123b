package dev.rookery.extensionhost;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function as clients see it in the list.
 *
 * @param signatures one for each number of parameters, ascending
 * @param meta of a dynamic function
 */
public record FunctionListing(
    String extension,
    String name,
    boolean dynamic,
    List<Signature> signatures,
    @Nullable JsonObject meta) {

  /**
   * The parameters of a function.
   *
   * @param text {@code greet(name)}
   * @param description null if there is none
   * @param exampleArgs JSON text of an array; null if there is none
   */
  public record Signature(
      int arity, String text, @Nullable String description, @Nullable String exampleArgs) {}
}
