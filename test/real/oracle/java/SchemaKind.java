import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.SchemaProjector;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

class SchemaKind {
    static JsonNode run(String op, JsonNode input) throws Exception {
        if (op.equals("build")) return build(input);
        Oracle.stage = "input";
        switch (op) {
            case "validateValue": {
                Schema schema = Codec.schema(input.get("schema"));
                Object value = Codec.value(input.get("value"), schema);
                Oracle.stage = "apply";
                ConnectSchema.validateValue(schema, value);
                return Oracle.json.getNodeFactory().textNode("ok");
            }
            case "equals": {
                Schema a = Codec.schema(input.get("a"));
                Schema b = Codec.schema(input.get("b"));
                Oracle.stage = "apply";
                return Oracle.json.getNodeFactory().booleanNode(Objects.equals(a, b));
            }
            case "project": {
                Schema source = Codec.schema(input.get("source"));
                Schema target = Codec.schema(input.get("target"));
                Object value = Codec.value(input.get("value"), source);
                Oracle.stage = "apply";
                return Codec.encode(SchemaProjector.project(source, value, target), target);
            }
            case "toLogical":
            case "fromLogical": return logical(op, input);
            default: return struct(input);
        }
    }

    private static JsonNode logical(String op, JsonNode input) throws Exception {
        Schema schema = Codec.schema(input.get("schema"));
        Object value = Codec.value(input.get("value"), schema);
        Oracle.stage = "apply";
        Class<?> type = Class.forName("org.apache.kafka.connect.data." + input.get("logical").asText());
        for (Method method : type.getMethods())
            if (method.getName().equals(op)) return Codec.encode(method.invoke(null, schema, value), null);
        throw new IllegalStateException(op);
    }

    private static JsonNode build(JsonNode calls) {
        SchemaBuilder builder = null;
        for (JsonNode call : calls) {
            Oracle.stage = "apply:" + call.get(0).asText();
            builder = call(builder, call.get(0).asText(), call.get(1), call.get(2));
        }
        Oracle.stage = "apply:build";
        return Codec.encode(builder.build());
    }

    private static SchemaBuilder call(SchemaBuilder builder, String name, JsonNode first, JsonNode second) {
        switch (name) {
            case "type": return SchemaBuilder.type(Schema.Type.valueOf(first.asText().toUpperCase(Locale.ROOT)));
            case "struct": return SchemaBuilder.struct();
            case "array": return SchemaBuilder.array(Codec.schema(first));
            case "map": return SchemaBuilder.map(Codec.schema(first), Codec.schema(second));
            case "decimal": return Decimal.builder(first.asInt());
            case "date": return org.apache.kafka.connect.data.Date.builder();
            case "time": return org.apache.kafka.connect.data.Time.builder();
            case "timestamp": return Timestamp.builder();
            case "optional": return builder.optional();
            case "required": return builder.required();
            case "defaultValue": return builder.defaultValue(Codec.value(first, builder));
            // Interned as literals are: the builder compares what is set twice by identity.
            case "name": return builder.name(first.asText().intern());
            case "version": return builder.version(first.asInt());
            case "doc": return builder.doc(first.asText().intern());
            case "parameter": return builder.parameter(first.asText(), second.asText());
            case "parameters": return builder.parameters(Codec.strings(first));
            case "field": return builder.field(first.textValue(), Codec.schema(second));
            default: throw new IllegalStateException(name);
        }
    }

    private static JsonNode struct(JsonNode input) {
        Struct struct = new Struct(Codec.schema(input.get("schema")));
        ArrayNode results = Oracle.json.createArrayNode();
        for (JsonNode op : input.get("ops")) {
            Oracle.stage = "apply";
            ObjectNode result = results.addObject();
            try {
                result.set("output", structOp(struct, op));
            } catch (Exception error) {
                result.set("error", Oracle.error(error));
            }
        }
        return Oracle.json.createObjectNode().set("results", results);
    }

    private static JsonNode structOp(Struct struct, JsonNode op) throws Exception {
        String name = op.get(0).asText();
        String fieldName = op.path(1).textValue();
        Field field = fieldName == null ? null : struct.schema().field(fieldName);
        Schema schema = field == null ? null : field.schema();
        switch (name) {
            case "put":
                struct.put(fieldName, Codec.value(op.get(2), op.has(4) ? Codec.schema(op.get(4)) : schema));
                return Oracle.json.getNodeFactory().textNode("ok");
            case "validate":
                struct.validate();
                return Oracle.json.getNodeFactory().textNode("ok");
            case "toString": return Oracle.json.getNodeFactory().textNode(struct.toString());
            case "equals": return Oracle.json.getNodeFactory().booleanNode(struct.equals(Codec.value(op.get(1), struct.schema())));
            default: return Codec.encode(Struct.class.getMethod(name, String.class).invoke(struct, fieldName), schema);
        }
    }
}
