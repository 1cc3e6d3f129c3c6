function tracks = read_h5tracks(file, group)
% READ_H5TRACKS  The datasets of an h5tracks file as arrays with frames first.
%
%   tracks = read_h5tracks('run.h5')             reads the group /tracking
%   tracks = read_h5tracks('run.h5', 'poses')    reads another layout
%
% The result is a struct with a field for each dataset: tracks.frame_index is N x 1, tracks.fish_id N x S,
% tracks.centroid_3d N x S x 3, and tracks.bboxes.top N x S x 4. N: frames, S: slots. An empty slot has
% fish_id -1; a position that is not known is NaN (docs/format.md). A slot is no identity:
%
%   [frame, slot] = find(tracks.fish_id == 3);   % where fish 3 is
%
% In MATLAB it uses h5read, and tracks.camera_names has the cameras in their order. GNU Octave has no h5read:
% there it uses load, which cannot read enums and texts (is_confirmed, labels) and leaves them out with a warning.

  if nargin < 2
    group = 'tracking';
  end
  if exist('h5read', 'file') || exist('h5read', 'builtin')
    info = h5info(file, ['/' group]);
    tracks = read_group(file, info);
    names = {info.Attributes.Name};
    if any(strcmp(names, 'camera_names'))
      tracks.camera_names = h5readatt(file, ['/' group], 'camera_names');
    end
  else
    tracks = load('-hdf5', file);
    for name = strsplit(group, '/')
      tracks = tracks.(name{1});
    end
    tracks = frames_first(tracks);
  end
end

% MATLAB: the datasets of a group, and those of the groups in it, which have one dataset for each camera.
function values = read_group(file, info)
  values = struct();
  for i = 1:numel(info.Datasets)
    name = info.Datasets(i).Name;
    values.(matlab.lang.makeValidName(name)) = reversed(h5read(file, [info.Name '/' name]));
  end
  for i = 1:numel(info.Groups)
    [~, name] = fileparts(info.Groups(i).Name);
    values.(matlab.lang.makeValidName(name)) = read_group(file, info.Groups(i));
  end
end

% Octave: the same of a struct that load has read.
function values = frames_first(values)
  names = fieldnames(values);
  for i = 1:numel(names)
    value = values.(names{i});
    if isstruct(value)
      values.(names{i}) = frames_first(value);
    elseif isnumeric(value)
      values.(names{i}) = reversed(value);
    end
  end
end

% HDF5 has the frames first, MATLAB and Octave read them last.
function value = reversed(value)
  if isvector(value)
    value = value(:);
  else
    value = permute(value, ndims(value):-1:1);
  end
end
