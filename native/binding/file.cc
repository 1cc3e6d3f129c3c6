#include "binding/file.h"

#include <unistd.h>

#include "binding/dataset.h"
#include "binding/environment.h"
#include "binding/errors.h"
#include "binding/values.h"
#include "stream/beside.h"
#include "stream/threads.h"

namespace h5tracks::binding {

namespace {

hdf5::Access access_of(const std::string& mode) {
  if (mode == "r") return hdf5::Access::kRead;
  if (mode == "r+") return hdf5::Access::kReadWrite;
  if (mode == "x") return hdf5::Access::kCreate;
  if (mode == "w") return hdf5::Access::kReplace;
  throw hdf5::Error("ERR_INVALID_ARGUMENT", "a file is opened with 'r', 'r+', 'x' or 'w', not '" + mode + "'");
}

hdf5::DatasetSpec spec_of(const Napi::Object& object) {
  hdf5::DatasetSpec spec;
  spec.path = object.Get("path").As<Napi::String>().Utf8Value();
  spec.type = element_of(object.Get("type"));
  spec.shape = shape_of(object.Get("shape"));
  spec.max_shape = max_shape_of(object.Get("maxShape"));
  if (const Napi::Value chunks = object.Get("chunks"); chunks.IsArray()) spec.chunks = shape_of(chunks);
  if (const Napi::Value fill = object.Get("fill"); fill.IsNumber()) spec.fill = fill.As<Napi::Number>().DoubleValue();
  if (const Napi::Value level = object.Get("deflate"); level.IsNumber())
    spec.deflate = level.As<Napi::Number>().Uint32Value();
  spec.shuffle = object.Get("shuffle").ToBoolean();
  return spec;
}

}  // namespace

Napi::Function File::define(Napi::Env env) {
  return DefineClass(env, "File",
                     {
                         InstanceAccessor<&File::path>("path"),
                         InstanceAccessor<&File::is_open>("isOpen"),
                         InstanceAccessor<&File::is_written_here>("writtenHere"),
                         InstanceMethod<&File::close>("close"),
                         InstanceMethod<&File::flush>("flush"),
                         InstanceMethod<&File::size>("size"),
                         InstanceMethod<&File::kind>("kind"),
                         InstanceMethod<&File::children>("children"),
                         InstanceMethod<&File::create_group>("createGroup"),
                         InstanceMethod<&File::create_dataset>("createDataset"),
                         InstanceMethod<&File::open_dataset>("openDataset"),
                         InstanceMethod<&File::attribute_names>("attributeNames"),
                         InstanceMethod<&File::read_attribute>("readAttribute"),
                         InstanceMethod<&File::write_attribute>("writeAttribute"),
                     });
}

File::File(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const std::string path = info[0].As<Napi::String>();
  const std::string mode = info[1].As<Napi::String>();
  const bool ignore_journal = info[2].ToBoolean();
  file_ = guarded(info.Env(), path, [&] {
    const hdf5::Access access = access_of(mode);
    // HDF5 would cut off, or empty, what a recovery needs. Readers do no harm; they are told above.
    const bool refuse = !ignore_journal && (access == hdf5::Access::kReadWrite || access == hdf5::Access::kReplace);
    const auto locked = [&] {
      if (refuse) stream::refuse_journal(path);
    };
    // Here, so that no file is made beside the journal of one that is gone.
    if (refuse && ::access(path.c_str(), F_OK) != 0) stream::refuse_journal(path);
    return std::make_shared<hdf5::File>(path, access, locked);
  });
}

void File::Finalize(Napi::BasicEnv) {
  // Closing takes the HDF5 lock, and the garbage collector waits for nobody.
  if (file_) stream::IoThread::instance().post([file = std::move(file_)] {});
}

Napi::Value File::path(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), file_->path); }

Napi::Value File::is_written_here(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), guarded(info.Env(), file_->path, [&] { return file_->is_written_here(); }));
}

Napi::Value File::is_open(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), file_->is_open()); }

void File::close(const Napi::CallbackInfo& info) {
  guarded(info.Env(), file_->path, [&] { file_->close(); });
}

void File::flush(const Napi::CallbackInfo& info) {
  guarded(info.Env(), file_->path, [&] { file_->flush(); });
}

Napi::Value File::size(const Napi::CallbackInfo& info) {
  const auto bytes = guarded(info.Env(), file_->path, [&] { return file_->size(); });
  return Napi::Number::New(info.Env(), static_cast<double>(bytes));
}

Napi::Value File::kind(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  const auto kind = guarded(info.Env(), file_->path, [&] { return file_->kind(path); });
  if (!kind) return info.Env().Null();
  switch (*kind) {
    case hdf5::ObjectKind::kGroup:
      return Napi::String::New(info.Env(), "group");
    case hdf5::ObjectKind::kDataset:
      return Napi::String::New(info.Env(), "dataset");
    case hdf5::ObjectKind::kDatatype:
      return Napi::String::New(info.Env(), "datatype");
    case hdf5::ObjectKind::kExternalLink:
      return Napi::String::New(info.Env(), "external link");
  }
  return info.Env().Null();
}

Napi::Value File::children(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  return to_js(info.Env(), guarded(info.Env(), file_->path, [&] { return file_->children(path); }));
}

void File::create_group(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  guarded(info.Env(), file_->path, [&] { file_->create_group(path); });
}

void File::create_dataset(const Napi::CallbackInfo& info) {
  const auto spec = info[0].As<Napi::Object>();
  guarded(info.Env(), file_->path, [&] { file_->create_dataset(spec_of(spec)); });
}

Napi::Value File::open_dataset(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  auto dataset = guarded(info.Env(), file_->path, [&] {
    return std::make_shared<stream::StoredDataset>(file_->open_dataset(path), state_.cache);
  });
  return Dataset::create(info.Env(), file_, std::move(dataset), state_.turns);
}

Napi::Value File::attribute_names(const Napi::CallbackInfo& info) {
  const std::string object = info[0].As<Napi::String>();
  return to_js(info.Env(), guarded(info.Env(), file_->path, [&] { return file_->attribute_names(object); }));
}

Napi::Value File::read_attribute(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string object = info[0].As<Napi::String>();
  const std::string name = info[1].As<Napi::String>();
  const auto data = guarded(env, file_->path, [&] { return file_->read_attribute(object, name); });
  auto result = Napi::Object::New(env);
  result["type"] = to_js(env, data.type);
  result["shape"] = to_js(env, data.shape);
  result["values"] = env.Null();
  if (const auto* strings = std::get_if<hdf5::Strings>(&data.values)) {
    result["values"] = to_js(env, *strings);
  } else if (const auto* bytes = std::get_if<hdf5::Bytes>(&data.values)) {
    const hdf5::Element element = *data.type.element;
    result["values"] = new_typed_array(env, element, bytes->size() / hdf5::size_of(element), bytes->data());
  }
  return result;
}

void File::write_attribute(const Napi::CallbackInfo& info) {
  const std::string object = info[0].As<Napi::String>();
  const std::string name = info[1].As<Napi::String>();
  const std::string type = info[2].As<Napi::String>();
  const hdf5::Shape shape = shape_of(info[3]);
  guarded(info.Env(), file_->path, [&] {
    if (type == "string") {
      file_->write_attribute(object, name, shape, strings_of(info[4]));
      return;
    }
    const auto values = info[4].As<Napi::TypedArray>();
    const auto* bytes = static_cast<const char*>(values.ArrayBuffer().Data()) + values.ByteOffset();
    file_->write_attribute(object, name, shape, element_of(info[2]), bytes);
  });
}

}  // namespace h5tracks::binding
