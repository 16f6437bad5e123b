package dev.rookery.extensionhost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Caller;
import dev.rookery.extension.RpcCall;
import dev.rookery.extension.RpcException;
import dev.rookery.extension.RpcFunction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call as the function sees it. */
final class FunctionCall implements RpcCall {
  private final String function;
  private final List<?> arguments;
  private final ObjectMapper json;
  private final PlayerId player;
  private final UserLookup users;

  FunctionCall(
      String function, List<?> arguments, ObjectMapper json, PlayerId player, UserLookup users) {
    this.function = function;
    this.arguments = arguments;
    this.json = json;
    this.player = player;
    this.users = users;
  }

  /**
   * @throws RpcException if an argument does not fit its parameter
   */
  void checkTypes(RpcFunction target) {
    List<RpcFunction.Parameter> parameters = target.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      var parameter = parameters.get(i);
      if (parameter.type() != Object.class) {
        convert(i, parameter.name(), parameter.type());
      }
    }
  }

  @Override
  public String function() {
    return function;
  }

  @Override
  public JsonArray arguments() {
    return new JsonArray(arguments);
  }

  @Override
  public <T> @Nullable T argument(int index, Class<T> type) {
    return convert(index, "", type);
  }

  @SuppressWarnings("unchecked")
  private <T> @Nullable T convert(int index, String name, Class<T> type) {
    if (index < 0 || index >= arguments.size()) {
      throw new RpcException("invalid_argument: there is no argument " + (index + 1));
    }
    Object value = arguments.get(index);
    if (value == null) {
      return null;
    }
    if (type == JsonObject.class && value instanceof Map<?, ?> map) {
      return (T) new JsonObject((Map<String, Object>) map);
    }
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    try {
      // Jackson would write a number as text.
      if (type == String.class) {
        throw mismatch(index, name, type);
      }
      return (T) json.treeToValue(json.valueToTree(value), boxed(type));
    } catch (JsonProcessingException | IllegalArgumentException _) {
      throw mismatch(index, name, type);
    }
  }

  private static Class<?> boxed(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }

  private static RpcException mismatch(int index, String name, Class<?> type) {
    return new RpcException(
        "invalid_argument: argument "
            + (index + 1)
            + (name.isEmpty() ? "" : " (" + name + ")")
            + " is not of type "
            + type.getSimpleName());
  }

  @Override
  public Caller caller() {
    return new PlayerCaller(player, users);
  }
}
