import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.SchemaBuilderException;

class Codec {
    static final ObjectMapper json = Oracle.json;

    static boolean absent(JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode();
    }

    static Map<String, String> strings(JsonNode node) {
        if (absent(node)) return new LinkedHashMap<>();
        Map<String, String> map = new LinkedHashMap<>();
        node.fields().forEachRemaining(e -> map.put(e.getKey(), e.getValue().isNull() ? null : e.getValue().asText()));
        return map;
    }

    static Schema schema(JsonNode node) {
        if (absent(node)) return null;
        Schema.Type type = Schema.Type.valueOf(node.get("type").asText().toUpperCase(Locale.ROOT));
        List<Field> fields = null;
        if (type == Schema.Type.STRUCT) {
            fields = new ArrayList<>();
            for (JsonNode field : node.path("fields"))
                fields.add(new Field(field.get("field").asText(), fields.size(), schema(field)));
        }
        Schema shape = new ConnectSchema(type, false, null, null, null, null, null, fields,
            schema(node.get("keySchema")), schema(node.get("valueSchema")));
        Schema bare = connectSchema(node, shape, null);
        if (!node.has("default")) return bare;
        Object value = value(node.get("default"), bare);
        // Only built schemas can have a default, so it has been checked.
        try {
            ConnectSchema.validateValue(bare, value);
        } catch (RuntimeException e) {
            throw new SchemaBuilderException("Invalid default value", e);
        }
        return connectSchema(node, shape, value);
    }

    private static ConnectSchema connectSchema(JsonNode node, Schema shape, Object defaultValue) {
        boolean isStruct = shape.type() == Schema.Type.STRUCT;
        boolean isMap = shape.type() == Schema.Type.MAP;
        boolean hasParameters = node.path("parameters").size() > 0;
        return new ConnectSchema(shape.type(), node.path("optional").asBoolean(), defaultValue, node.path("name").textValue(),
            node.has("version") ? node.get("version").asInt() : null, node.path("doc").textValue(),
            hasParameters ? strings(node.get("parameters")) : null, isStruct ? shape.fields() : null,
            isMap ? shape.keySchema() : null, isMap || shape.type() == Schema.Type.ARRAY ? shape.valueSchema() : null);
    }

    static Object value(JsonNode node, Schema schema) {
        if (absent(node)) return null;
        String tag = node.fieldNames().next();
        if (tag.equals("schema")) tag = "struct";
        JsonNode raw = node.get(tag);
        switch (tag) {
            case "boolean": return raw.asBoolean();
            case "int8": return (byte) raw.asInt();
            case "int16": return (short) raw.asInt();
            case "int32": return raw.asInt();
            case "int64": return Long.parseLong(raw.asText());
            case "float32": return Float.parseFloat(raw.asText());
            case "float64": return Double.parseDouble(raw.asText());
            case "string": return raw.asText();
            case "bytes": return Base64.getDecoder().decode(raw.asText());
            case "bytebuffer": return ByteBuffer.wrap(Base64.getDecoder().decode(raw.asText()));
            case "decimal": return new BigDecimal(new BigInteger(raw.get("unscaled").asText()), raw.get("scale").asInt());
            case "bigint": return new BigInteger(raw.asText());
            case "date": return new java.util.Date(Long.parseLong(raw.asText()));
            case "array": {
                List<Object> list = new ArrayList<>();
                for (JsonNode item : raw) list.add(value(item, element(schema)));
                return list;
            }
            case "map": {
                Map<Object, Object> map = new LinkedHashMap<>();
                boolean known = schema != null && schema.type() == Schema.Type.MAP;
                for (JsonNode entry : raw)
                    map.put(value(entry.get(0), known ? schema.keySchema() : null), value(entry.get(1), known ? schema.valueSchema() : null));
                return map;
            }
            case "struct": {
                Struct struct = new Struct(node.has("schema") ? schema(node.get("schema")) : schema);
                for (JsonNode entry : raw) {
                    if (entry.get(1).isNull()) continue;
                    Field field = struct.schema().field(entry.get(0).asText());
                    struct.put(field, value(entry.get(1), field.schema()));
                }
                return struct;
            }
            default: throw new IllegalStateException("Unknown tag " + tag);
        }
    }

    /** Values are also encoded beside schemas they do not belong to. */
    private static Schema element(Schema schema) {
        return schema != null && schema.type() == Schema.Type.ARRAY ? schema.valueSchema() : null;
    }

    static JsonNode encode(Schema schema) {
        if (schema == null) return json.nullNode();
        ObjectNode node = json.createObjectNode();
        node.put("type", schema.type().getName()).put("optional", schema.isOptional());
        if (schema.name() != null) node.put("name", schema.name());
        if (schema.version() != null) node.put("version", schema.version());
        if (schema.doc() != null) node.put("doc", schema.doc());
        if (schema.parameters() != null) schema.parameters().forEach(node.putObject("parameters")::put);
        if (schema.defaultValue() != null) node.set("default", encode(schema.defaultValue(), schema));
        if (schema.type() == Schema.Type.STRUCT) {
            ArrayNode fields = node.putArray("fields");
            for (Field field : schema.fields())
                fields.add(json.createObjectNode().put("field", field.name()).setAll((ObjectNode) encode(field.schema())));
        }
        if (schema.type() == Schema.Type.MAP) node.set("keySchema", encode(schema.keySchema()));
        if (schema.type() == Schema.Type.MAP || schema.type() == Schema.Type.ARRAY) node.set("valueSchema", encode(schema.valueSchema()));
        return node;
    }

    static JsonNode encode(Object value, Schema schema) {
        ObjectNode node = json.createObjectNode();
        if (value == null) return json.nullNode();
        if (value instanceof Boolean b) return node.put("boolean", b);
        if (value instanceof Byte b) return node.put("int8", b.intValue());
        if (value instanceof Short s) return node.put("int16", s.intValue());
        if (value instanceof Integer i) return node.put("int32", i);
        if (value instanceof Long l) return node.put("int64", l.toString());
        if (value instanceof Float f) return node.put("float32", f.toString());
        if (value instanceof Double d) return node.put("float64", d.toString());
        if (value instanceof String s) return node.put("string", s);
        if (value instanceof byte[] b) return node.put("bytes", Base64.getEncoder().encodeToString(b));
        if (value instanceof ByteBuffer b) return node.put("bytes", Base64.getEncoder().encodeToString(Utils.toArray(b.duplicate())));
        if (value instanceof BigDecimal d) {
            node.putObject("decimal").put("unscaled", d.unscaledValue().toString()).put("scale", d.scale());
            return node;
        }
        if (value instanceof BigInteger i) return node.put("bigint", i.toString());
        if (value instanceof java.util.Date d) return node.put("date", Long.toString(d.getTime()));
        if (value instanceof SchemaAndValue both) return schemaAndValue(both);
        if (value instanceof Collection<?> list) {
            ArrayNode array = node.putArray("array");
            list.forEach(item -> array.add(encode(item, element(schema))));
            return node;
        }
        if (value instanceof Map<?, ?> map) {
            ArrayNode array = node.putArray("map");
            boolean known = schema != null && schema.type() == Schema.Type.MAP;
            map.forEach((k, v) -> array.addArray().add(encode(k, known ? schema.keySchema() : null)).add(encode(v, known ? schema.valueSchema() : null)));
            return node;
        }
        if (value instanceof Struct struct) {
            ArrayNode array = node.putArray("struct");
            for (Field field : struct.schema().fields())
                array.addArray().add(field.name()).add(encode(struct.getWithoutDefault(field.name()), field.schema()));
            if (!struct.schema().equals(schema)) node.set("schema", encode(struct.schema()));
            return node;
        }
        return node.put("java", value.getClass().getName()).put("text", value.toString());
    }

    /** A converter that gives null means no schema and no value, as a worker takes it. */
    static JsonNode schemaAndValue(SchemaAndValue given) {
        SchemaAndValue both = given == null ? SchemaAndValue.NULL : given;
        ObjectNode node = json.createObjectNode();
        node.set("schema", encode(both.schema()));
        return node.set("value", encode(both.value(), both.schema()));
    }

    static byte[] bytes(JsonNode node) {
        if (absent(node)) return null;
        return node.has("text") ? node.get("text").asText().getBytes(StandardCharsets.UTF_8) : Base64.getDecoder().decode(node.path("bytes").asText());
    }

    static JsonNode encode(byte[] bytes) {
        if (bytes == null) return json.nullNode();
        String text = new String(bytes, StandardCharsets.UTF_8);
        ObjectNode node = json.createObjectNode();
        if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) node.put("text", text);
        return node.put("bytes", Base64.getEncoder().encodeToString(bytes));
    }
}
