package dev.rookery.extension;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function that clients call with a fixed number of arguments.
 *
 * <pre>{@code
 * RpcFunction.named("greet")
 *     .describedAs("Greets by name")
 *     .taking("name", String.class)
 *     .example("Ann")
 *     .handledBy(call -> "Hello " + call.argument(0, String.class));
 * }</pre>
 *
 * @param description for the list of functions; null for none
 * @param parameters at most 32
 * @param example arguments of an example call, for the list; null for none
 */
public record RpcFunction(
    String name,
    @Nullable String description,
    List<Parameter> parameters,
    @Nullable JsonArray example,
    RpcHandler handler) {
  /** The maximum number of parameters. */
  public static final int PARAMETERS_MAX = 32;

  public RpcFunction {
    parameters = List.copyOf(parameters);
    example = example == null ? null : example.copy();
    if (parameters.size() > PARAMETERS_MAX) {
      throw new IllegalArgumentException(name + " has more than 32 parameters");
    }
  }

  /**
   * A parameter.
   *
   * @param type what {@link RpcCall#argument} converts to; a call whose argument does not fit is
   *     refused before the handler runs. {@code Object.class} for any JSON value.
   */
  public record Parameter(String name, Class<?> type) {}

  /** Begins the description of a function. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Collects what a function consists of. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final List<Parameter> parameters = new ArrayList<>();
    private @Nullable String description;
    private @Nullable JsonArray example;

    private Builder(String name) {
      this.name = name;
    }

    public Builder describedAs(String text) {
      description = text;
      return this;
    }

    /** Adds the next parameter. */
    public Builder taking(String parameter, Class<?> type) {
      parameters.add(new Parameter(parameter, type));
      return this;
    }

    /** Adds the next parameter, which takes any JSON value. */
    public Builder taking(String parameter) {
      return taking(parameter, Object.class);
    }

    /** Sets the arguments of an example call: JSON values. */
    public Builder example(@Nullable Object... arguments) {
      var values = new JsonArray();
      for (Object argument : arguments) {
        values.add(argument);
      }
      example = values;
      return this;
    }

    public RpcFunction handledBy(RpcHandler handler) {
      return new RpcFunction(name, description, parameters, example, handler);
    }
  }
}
