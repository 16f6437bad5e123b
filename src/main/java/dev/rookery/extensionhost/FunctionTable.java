package dev.rookery.extensionhost;

import dev.rookery.extension.DynamicFunction;
import dev.rookery.extension.RpcFunction;
import dev.rookery.extension.RpcFunctions;
import dev.rookery.extensionhost.FunctionListing.Signature;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The functions of one version of an extension. Reading takes no lock; adding copies the table. */
final class FunctionTable implements RpcFunctions {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
  private static final int FUNCTIONS_MAX = 1_000;

  private volatile Map<String, Map<Integer, RpcFunction>> functions = Map.of();
  private volatile Map<String, DynamicFunction> dynamic = Map.of();

  @Override
  public synchronized void add(RpcFunction function) {
    String name = checkName(function.name());
    int arity = function.parameters().size();
    Map<Integer, RpcFunction> named = functions.getOrDefault(name, Map.of());
    if (named.containsKey(arity)) {
      throw new IllegalArgumentException(
          name + " with " + arity + " parameters has been added already");
    }
    checkSize(name, functions);
    var overloads = new TreeMap<>(named);
    overloads.put(arity, function);
    var next = new HashMap<>(functions);
    next.put(name, overloads);
    functions = next;
  }

  @Override
  public synchronized void addDynamic(DynamicFunction function) {
    String name = checkName(function.name());
    checkSize(name, dynamic);
    var next = new HashMap<>(dynamic);
    next.put(name, function);
    dynamic = next;
  }

  @Override
  public synchronized void removeDynamic(String name) {
    var next = new HashMap<>(dynamic);
    next.remove(name);
    dynamic = next;
  }

  private static String checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the name of a function must be 1 to 64 of a-z, A-Z, 0-9 and '_': " + name);
    }
    if (ReservedNames.contains(name)) {
      throw new IllegalArgumentException(name + " is the name of a lifecycle hook");
    }
    return name;
  }

  private static void checkSize(String name, Map<String, ?> present) {
    if (!present.containsKey(name) && present.size() == FUNCTIONS_MAX) {
      throw new IllegalArgumentException("there are " + FUNCTIONS_MAX + " functions already");
    }
  }

  /** The function for a call; null if there is none with the name and number of arguments. */
  @Nullable RpcFunction find(String name, int arity) {
    Map<Integer, RpcFunction> overloads = functions.get(name);
    RpcFunction function = overloads == null ? null : overloads.get(arity);
    if (function != null) {
      return function;
    }
    DynamicFunction registered = dynamic.get(name);
    return registered == null
        ? null
        : new RpcFunction(name, null, List.of(), null, registered.handler());
  }

  List<FunctionListing> list(String extension) {
    var listed = new ArrayList<FunctionListing>();
    functions.forEach(
        (name, overloads) ->
            listed.add(
                new FunctionListing(
                    extension,
                    name,
                    false,
                    overloads.values().stream().map(FunctionTable::signature).toList(),
                    null)));
    dynamic.forEach(
        (name, function) -> {
          if (!functions.containsKey(name)) {
            JsonObject meta = function.meta() == null ? new JsonObject() : function.meta();
            listed.add(
                new FunctionListing(
                    extension, name, true, List.of(dynamicSignature(name, meta)), meta));
          }
        });
    return listed;
  }

  private static Signature signature(RpcFunction function) {
    String parameters =
        function.parameters().stream()
            .map(RpcFunction.Parameter::name)
            .collect(Collectors.joining(", "));
    JsonArray example = function.example();
    return new Signature(
        function.parameters().size(),
        function.name() + "(" + parameters + ")",
        function.description(),
        example == null ? null : example.encode());
  }

  private static Signature dynamicSignature(String name, JsonObject meta) {
    List<?> args = meta.getValue("args") instanceof JsonArray array ? array.getList() : List.of();
    String parameters =
        args.stream().map(FunctionTable::parameterName).collect(Collectors.joining(", "));
    Object example = meta.getValue("example_args");
    return new Signature(
        args.size(),
        name + "(" + parameters + ")",
        meta.getValue("description") instanceof String text ? text : null,
        example == null ? null : Json.encode(example));
  }

  private static String parameterName(Object parameter) {
    Object name =
        switch (parameter) {
          case JsonObject object -> object.getValue("name");
          case Map<?, ?> map -> map.get("name");
          default -> null;
        };
    return name instanceof String text ? text : "arg";
  }
}
